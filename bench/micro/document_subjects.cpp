// Documents to the model and back.
#include "codec/codec.hpp"
#include "micro/subjects.hpp"

#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace bctrl::bench {

namespace {

std::string document(std::string const& name) {
    std::ifstream file{BCTRL_TEST_DATA "/" + name, std::ios::binary};
    if (!file) throw std::runtime_error{"no file " + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

template <class T>
T decoded(std::string const& text) {
    auto read = codec::decode<T>(text);
    if (!read) throw std::runtime_error{read.error().path + ": " + read.error().message};
    return *std::move(read);
}

template <class T>
subject decoding(std::string name, std::string file) {
    return {std::move(name),
            [file = std::move(file)] { return [text = document(file)] { decoded<T>(text); }; }};
}

template <class T>
subject encoding(std::string name, std::string file) {
    return {std::move(name), [file = std::move(file)] {
                return [value = decoded<T>(document(file))] { codec::encode(value); };
            }};
}

} // namespace

std::vector<subject> document_subjects() {
    return {decoding<operation>("decode/queued", "operation-queued-minimal.json"),
            decoding<operation>("decode/succeeded", "operation-succeeded.json"),
            decoding<operation>("decode/failed", "operation-failed.json"),
            decoding<operation_wait_result>("decode/wait", "operation-wait-finished.json"),
            decoding<invocation>("decode/invocation", "invocation-durable.json"),
            encoding<operation>("encode/succeeded", "operation-succeeded.json"),
            encoding<invocation>("encode/invocation", "invocation-durable.json")};
}

} // namespace bctrl::bench
