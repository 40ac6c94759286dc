#include <bctrl/operations.hpp>

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

} // namespace bctrl
