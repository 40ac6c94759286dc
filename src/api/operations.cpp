#include <bctrl/operations.hpp>

#include "api/await_call.hpp"
#include "api/durable_calls.hpp"
#include "api/durable_wait.hpp"
#include "api/start_call.hpp"

namespace bctrl {

void operations_api::start_get(detail::completion<operation> done, core_pointer core,
                               std::string id, call_options options) {
    detail::start_call<operation>(std::move(done), std::move(core), &get_resource<operation>,
                                  std::move(id), options);
}

void operations_api::start_wait(detail::completion<operation_wait_result> done, core_pointer core,
                                std::string id, wait_options options) {
    detail::start_call<operation_wait_result>(std::move(done), std::move(core),
                                              &wait_for_end<operation>, std::move(id), options);
}

void operations_api::start_cancel(detail::completion<operation> done, core_pointer core,
                                  std::string id, call_options options) {
    detail::start_call<operation>(std::move(done), std::move(core), &cancel_resource<operation>,
                                  std::move(id), options);
}

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

} // namespace bctrl
