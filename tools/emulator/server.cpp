#include <bctrl/emulator/server.hpp>

#include "emulator/net/listener.hpp"
#include "emulator/net/server_core.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

namespace bctrl::emulator {

class server::implementation {
public:
    explicit implementation(server_options options)
        : core_{context_, std::move(options)},
          listener_{core_},
          has_tls_{core_.all.options.tls.has_value()} {
        listener_.start();
        core_.schedule(); // lives that go on from a state file end in their turn
        thread_ = std::thread{[this] { context_.run(); }};
    }

    ~implementation() { stop(); }

    void stop() {
        std::lock_guard const lock{mutex_};
        if (!thread_.joinable()) return;
        asio::post(context_, [this] {
            listener_.close();
            core_.close();
            work_.reset();
        });
        thread_.join();
    }

    /// Runs `f(core)` where the world belongs: on the server's thread, or here once that has ended.
    /// The lock keeps that thread alive until `f` has run.
    template <class F>
    auto on_world(F f) {
        std::lock_guard const lock{mutex_};
        if (!thread_.joinable()) return f(core_);
        std::packaged_task<std::invoke_result_t<F, server_core&>()> task{[&] { return f(core_); }};
        auto result = task.get_future();
        asio::post(context_, std::move(task));
        return result.get();
    }

    asio::ip::tcp::endpoint endpoint() const { return listener_.endpoint(); }
    bool has_tls() const { return has_tls_; }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    server_core core_;
    listener listener_;
    bool const has_tls_;
    std::mutex mutex_;
    std::thread thread_;
};

namespace {

std::shared_ptr<life const> checked(life const& script) {
    if (auto const fault = fault_in(script)) throw std::invalid_argument{*fault};
    return std::make_shared<life const>(script);
}

std::vector<std::string> create(server_core& core, resource_kind kind, std::size_t count,
                                resource_description const& about) {
    auto const now = server_core::now();
    core.all.pass_time(now);
    std::vector<std::string> ids;
    ids.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto const* made = core.all.things.create(kind, about, now);
        if (made == nullptr) throw std::invalid_argument{"the id is taken"};
        ids.push_back(made->about.id);
    }
    core.all.pass_time(now);
    core.schedule();
    core.all.save();
    return ids;
}

} // namespace

server::server(server_options options)
    : self_{std::make_unique<implementation>(std::move(options))} {}
server::~server() = default;

void server::stop() {
    self_->stop();
}

std::uint16_t server::port() const {
    return self_->endpoint().port();
}

std::string server::base_url() const {
    auto address = self_->endpoint().address();
    if (address.is_unspecified()) {
        // No client can ask for "any address".
        if (address.is_v4())
            address = asio::ip::address_v4::loopback();
        else
            address = asio::ip::address_v6::loopback();
    }
    auto const host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return (self_->has_tls() ? "https://" : "http://") + host + ":" + std::to_string(port());
}

std::string server::create_operation(life const& script, std::string id) {
    resource_description const about{.script = checked(script), .id = std::move(id)};
    auto const make = [&](server_core& core) {
        return create(core, resource_kind::operation, 1, about);
    };
    return self_->on_world(make).front();
}

std::vector<std::string> server::create_operations(std::size_t count, life const& script) {
    resource_description const about{.script = checked(script)};
    return self_->on_world(
        [&](server_core& core) { return create(core, resource_kind::operation, count, about); });
}

std::string server::create_invocation(life const& script, std::string id, std::string run_id) {
    resource_description const about{
        .script = checked(script), .id = std::move(id), .run_id = std::move(run_id)};
    auto const make = [&](server_core& core) {
        return create(core, resource_kind::invocation, 1, about);
    };
    return self_->on_world(make).front();
}

std::vector<std::string> server::create_invocations(std::size_t count, life const& script,
                                                    std::string run_id) {
    resource_description about{.script = checked(script), .run_id = std::move(run_id)};
    return self_->on_world([&](server_core& core) {
        if (about.run_id.empty()) about.run_id = core.all.ids.uuid();
        return create(core, resource_kind::invocation, count, about);
    });
}

std::optional<std::chrono::steady_clock::time_point> server::ended_at(std::string_view id) const {
    return self_->on_world([&](server_core& core) -> std::optional<time_point> {
        auto const& things = core.all.things;
        auto const* found = things.find(resource_kind::operation, id);
        if (found == nullptr) found = things.find(resource_kind::invocation, id);
        if (found == nullptr || !found->ended) return std::nullopt;
        return found->noticed;
    });
}

server_stats server::stats() const {
    return self_->on_world([](server_core& core) { return core.all.stats(); });
}

std::vector<connection_info> server::connections() const {
    return self_->on_world([](server_core& core) { return core.connections(); });
}

std::size_t server::inject(connection_fault const& fault, std::optional<std::uint64_t> connection) {
    return self_->on_world(
        [&](server_core& core) { return core.inject(fault, {.only = connection}); });
}

void server::reset() {
    self_->on_world([](server_core& core) {
        core.all.forget_everything();
        core.all.save();
    });
}

} // namespace bctrl::emulator
