#include "api/start_call.hpp"

#include <boost/asio/error.hpp>

namespace bctrl::detail {

namespace {

rpc::call_failure plain_failure(errc code, std::string message) {
    auto details = std::make_shared<error_details>();
    details->message = std::move(message);
    return {code, std::move(details)};
}

} // namespace

rpc::call_failure failure_of(std::exception_ptr const& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::bad_alloc const&) {
        return {errc::out_of_memory, nullptr};
    } catch (std::exception const& e) {
        return plain_failure(errc::internal, e.what());
    } catch (...) {
        return plain_failure(errc::internal, "an exception of an unknown type");
    }
}

void count_end(gauges& live, error_code code) noexcept {
    auto const cancelled = code == boost::asio::error::operation_aborted;
    auto& count = !code       ? live.calls_succeeded
                  : cancelled ? live.calls_cancelled
                              : live.calls_failed;
    count.fetch_add(1, std::memory_order_relaxed);
}

rpc::call_failure refusal_of_closed_client() {
    return plain_failure(errc::client_closed, "the call came after close() or abandon()");
}

void begin_on_strand(client_core& of, root_task call) {
    asio::post(of.runs_on().executor(),
               [&of, call = std::move(call)]() mutable { of.calls().begin(std::move(call)); });
}

} // namespace bctrl::detail
