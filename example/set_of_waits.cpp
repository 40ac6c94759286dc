// Waits for any number of operations and tells each ending as it comes. A wait that fails keeps nobody
// from waiting for the others.
//
//     set_of_waits OPERATION_ID...        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>
#include <bctrl/wait_set.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

namespace asio = boost::asio;

asio::awaitable<void> wait_for_all(std::vector<bctrl::work_id> works) {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};

    bctrl::wait_set set{client};
    set.add(std::move(works));
    while (auto const ended = co_await set.next()) {
        std::cout << ended->work.id << " ";
        if (auto const* const seen = ended->operation())
            std::cout << seen->status.text() << "\n";
        else
            std::cout << ended->error.message() << "\n";
    }
}

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: set_of_waits OPERATION_ID...\n";
        return 2;
    }
    std::span const ids{argv + 1, argv + argc};
    auto works = bctrl::works_of(bctrl::durable_kind::operation, ids);
    asio::io_context context;
    int code = 0;
    asio::co_spawn(context, wait_for_all(std::move(works)),
                   [&code](std::exception_ptr const& thrown) {
                       try {
                           if (thrown) std::rethrow_exception(thrown);
                       } catch (std::exception const& e) {
                           std::cerr << e.what() << "\n";
                           code = 1;
                       }
                   });
    context.run();
    return code;
}
