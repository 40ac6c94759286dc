#include <bctrl/durable_api.hpp>

#include "api/await_call.hpp"
#include "api/durable_calls.hpp"
#include "api/durable_wait.hpp"
#include "api/start_call.hpp"

#include <bctrl/invocations.hpp>
#include <bctrl/operations.hpp>

namespace bctrl {

template <class Resource, class WaitResult>
void durable_api<Resource, WaitResult>::start_get(detail::completion<Resource> done,
                                                  core_pointer core, std::string id,
                                                  call_options options) {
    detail::start_call<Resource>(std::move(done), std::move(core), &get_resource<Resource>,
                                 std::move(id), options);
}

template <class Resource, class WaitResult>
void durable_api<Resource, WaitResult>::start_wait(detail::completion<WaitResult> done,
                                                   core_pointer core, std::string id,
                                                   wait_options options) {
    if (core->context_gone()) return;
    auto& of = *core;
    detail::caller<WaitResult> who{std::move(done), of};
    auto asked = std::make_unique<asked_wait>(asked_wait{std::move(id), options});
    detail::begin_on_strand(of,
                            run_wait<Resource>(std::move(core), std::move(who), std::move(asked)));
}

template <class Resource, class WaitResult>
void durable_api<Resource, WaitResult>::start_cancel(detail::completion<Resource> done,
                                                     core_pointer core, std::string id,
                                                     call_options options) {
    detail::start_call<Resource>(std::move(done), std::move(core), &cancel_resource<Resource>,
                                 std::move(id), options);
}

template class durable_api<operation, operation_wait_result>;
template class durable_api<invocation, invocation_wait_result>;

template boost::asio::awaitable<operation> detail::await_call(
    void (*)(detail::completion<operation>, std::shared_ptr<detail::client_core>, std::string,
             call_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, std::string,
    call_options);
template boost::asio::awaitable<operation_wait_result> detail::await_call(
    void (*)(detail::completion<operation_wait_result>, std::shared_ptr<detail::client_core>,
             std::string, wait_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, std::string,
    wait_options);
template boost::asio::awaitable<invocation> detail::await_call(
    void (*)(detail::completion<invocation>, std::shared_ptr<detail::client_core>, std::string,
             call_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, std::string,
    call_options);
template boost::asio::awaitable<invocation_wait_result> detail::await_call(
    void (*)(detail::completion<invocation_wait_result>, std::shared_ptr<detail::client_core>,
             std::string, wait_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, std::string,
    wait_options);

} // namespace bctrl
