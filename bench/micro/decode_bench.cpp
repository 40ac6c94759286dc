#include "codec/codec.hpp"

#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>

namespace {

std::atomic<std::size_t> allocations = 0;

void* counted(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}

} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace bctrl::codec {
namespace {

std::string read_document_file(std::string const& name) {
    std::ifstream file{BCTRL_TEST_DATA "/" + name, std::ios::binary};
    if (!file) throw std::runtime_error{"no file " + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

template <class T>
T decoded(std::string const& text) {
    auto read = decode<T>(text);
    if (!read) throw std::runtime_error{read.error().path + ": " + read.error().message};
    return *std::move(read);
}

/// The allocations of one round, read before and after the timed loop.
class allocation_counter {
public:
    explicit allocation_counter(benchmark::State& state) : state_{state}, before_{allocations} {}
    ~allocation_counter() {
        auto const made = static_cast<double>(allocations - before_);
        state_.counters["allocations"] =
            benchmark::Counter{made, benchmark::Counter::kAvgIterations};
    }
    allocation_counter(allocation_counter const&) = delete;
    allocation_counter& operator=(allocation_counter const&) = delete;

private:
    benchmark::State& state_;
    std::size_t before_;
};

template <class T>
void decode_file(benchmark::State& state, std::string const& name) {
    auto const text = read_document_file(name);
    allocation_counter const counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(decode<T>(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

template <class T>
void encode_file(benchmark::State& state, std::string const& name) {
    auto const value = decoded<T>(read_document_file(name));
    allocation_counter const counter{state};
    for (auto _ : state)
        benchmark::DoNotOptimize(encode(value));
}

void register_all() {
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("decode/queued", decode_file<operation>, "operation-queued-minimal.json");
    RegisterBenchmark("decode/succeeded", decode_file<operation>, "operation-succeeded.json");
    RegisterBenchmark("decode/failed", decode_file<operation>, "operation-failed.json");
    RegisterBenchmark("decode/wait", decode_file<operation_wait_result>,
                      "operation-wait-finished.json");
    RegisterBenchmark("decode/invocation", decode_file<invocation>, "invocation-durable.json");
    RegisterBenchmark("encode/succeeded", encode_file<operation>, "operation-succeeded.json");
    RegisterBenchmark("encode/invocation", encode_file<invocation>, "invocation-durable.json");
}

} // namespace
} // namespace bctrl::codec

int main(int argc, char** argv) {
    bctrl::codec::register_all();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
