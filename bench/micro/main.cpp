// Times the hot paths, and counts what they allocate.
#include "micro/subjects.hpp"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> allocated_bytes = 0;

void* counted(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    allocated_bytes.fetch_add(size, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}

void time(benchmark::State& state, bctrl::bench::subject const& what) {
    auto const round = what.prepare();
    round();
    auto const allocations_before = allocations.load();
    auto const bytes_before = allocated_bytes.load();
    for (auto _ : state)
        round();
    using benchmark::Counter;
    state.counters["allocations"] =
        Counter{static_cast<double>(allocations - allocations_before), Counter::kAvgIterations};
    state.counters["bytes"] =
        Counter{static_cast<double>(allocated_bytes - bytes_before), Counter::kAvgIterations};
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

int main(int argc, char** argv) {
    auto const all = bctrl::bench::subjects();
    for (auto const& each : all)
        benchmark::RegisterBenchmark(each.name.c_str(),
                                     [&each](benchmark::State& state) { time(state, each); });
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
