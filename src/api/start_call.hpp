#pragma once

#include "api/canceller.hpp"
#include "api/client_core.hpp"
#include "api/concealed_key.hpp"
#include "base/gauges.hpp"
#include "rpc/call.hpp"

#include <bctrl/detail/initiate.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace bctrl::detail {

/// The caller's side of a call: where and how it is told of the end.
template <class... T>
struct caller {
    caller(completion<T...> handler, client_core& core)
        : done{std::move(handler)}, executor{work_on(done, core)} {
        auto slot = asio::get_associated_cancellation_slot(done);
        if (!slot.is_connected()) return;
        cancels = std::make_shared<canceller>(core.runs_on().shared_executor());
        cancels->listen_to(slot);
    }

    /// The end of a call that has no value and cannot fail.
    void complete(client_core& core) {
        tell_there(core, [handler = std::move(done)]() mutable {
            std::move(handler)(error_code{}, failure_report{});
        });
    }

    template <class Value>
    void complete(client_core& core, rpc::call_outcome<Value> ended) {
        tell_there(core, [handler = std::move(done), ended = std::move(ended)]() mutable {
            if (ended)
                return std::move(handler)(error_code{}, failure_report{}, std::move(ended).take());
            auto& failed = ended.error();
            std::move(handler)(failed.code, failure_report{std::move(failed.details)},
                               handed<Value>{});
        });
    }

    static asio::any_completion_executor work_on(completion<T...> const& handler,
                                                 client_core& core) {
        auto own =
            asio::get_associated_executor(handler, core.runs_on().executor().get_inner_executor());
        // Asio's way to say that there was no memory to keep it in.
        if (!own) throw std::bad_alloc{};
        return asio::prefer(own, asio::execution::outstanding_work.tracked);
    }

    /// Completes in a turn of the caller's own executor; its code never runs on the client's
    /// strand. Keeps nothing of the caller's: with what is told its context may end.
    template <class Tell>
    void tell_there(client_core& core, Tell tell) {
        auto told_there = asio::bind_executor(executor, std::move(tell));
        executor = {};
        asio::post(core.runs_on().executor().get_inner_executor(), std::move(told_there));
    }

    /// Who stops the call; null if nobody can.
    canceller* stopped_by() const noexcept { return cancels.get(); }

    completion<T...> done;
    /// Counts as work: the caller's context must not run dry while the call is parked elsewhere.
    asio::any_completion_executor executor;
    std::shared_ptr<canceller> cancels;
};

/// The failure of a call that died of an exception.
rpc::call_failure failure_of(std::exception_ptr const& thrown);

/// Counts a call that ended with `code`.
void count_end(gauges& live, error_code code) noexcept;

/// The failure of a call that a closed client was asked for.
rpc::call_failure refusal_of_closed_client();

/// Lets a caller stop what happens on the strand, while this lives.
template <class By>
class stoppable {
public:
    /// @param by may be null, else it outlives this
    stoppable(By* by, stop_signal& what) noexcept : by_{by} {
        if (by_) by_->attach(what);
    }
    stoppable(stoppable const&) = delete;
    stoppable& operator=(stoppable const&) = delete;
    ~stoppable() {
        if (by_) by_->detach();
    }

private:
    By* by_;
};

/// A call that runs, from the client's side: counted, shown, stopped by its caller and with its
/// client.
template <class By>
class running_call {
public:
    /// @param by who may stop it, or null; outlives this
    running_call(client_core& core, By* by)
        : in_flight_{core.runs_on().live()->calls},
          stop{core.ending()},
          call{core.runs_on().now()},
          by_caller_{by, stop} {
        core.in_flight().push_back(call);
    }

private:
    counted const in_flight_;

public:
    stop_signal stop;
    listed_call call;

private:
    stoppable<By> const by_caller_;
};

/// Counts a call that has ended, with its outcome.
template <class T>
void count_end(client_core& core, rpc::call_outcome<T> const& ended) noexcept {
    count_end(*core.runs_on().live(), ended ? error_code{} : ended.error().code);
}

/// Tells the caller the outcome of a call.
template <class T>
void tell(client_core& core, caller<T>& who, rpc::call_outcome<T> ended) {
    if (!ended && ended.error().details)
        conceal(*ended.error().details, core.settings().traces.get());
    who.complete(core, std::move(ended));
}

/// The frame of one call: runs `work`, then tells the caller.
template <class T, class Work, class... Args>
root_task run_call(std::shared_ptr<client_core> core, caller<T> who, Work work, Args... args) {
    std::optional<rpc::call_outcome<T>> ended;
    {
        // Its end is counted before it is told: another thread may run the handler at once.
        running_call self{*core, who.stopped_by()};
        if (core->refuses_calls()) {
            ended = refusal_of_closed_client();
        } else {
            try {
                ended = co_await work(*core, self.stop, self.call, std::move(args)...);
            } catch (...) {
                ended = failure_of(std::current_exception());
            }
        }
        count_end(*core, *ended);
    }
    tell(*core, who, *std::move(ended));
}

/// Begins `call`, which keeps the client alive, on the client's strand. From any thread.
void begin_on_strand(client_core& of, root_task call);

/// Begins a call: `work(core, stop, call, args...)` runs on the strand, `done` is told of its end. From
/// any thread.
template <class T, class Work, class... Args>
void start_call(completion<T> done, std::shared_ptr<client_core> core, Work work, Args... args) {
    // The context is being destroyed: nothing can be told to anybody any more.
    if (core->context_gone()) return;
    auto& of = *core;
    caller<T> who{std::move(done), of};
    begin_on_strand(of, run_call<T>(std::move(core), std::move(who), work, std::move(args)...));
}

} // namespace bctrl::detail
