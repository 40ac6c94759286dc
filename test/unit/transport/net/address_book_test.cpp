#include "transport/net/address_book.hpp"

#include "support/scripted_names.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <optional>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using resolved = outcome<address_list, failure>;

class address_books : public ::testing::Test {
protected:
    ~address_books() override { bench.scope().destroy_all(); }

    address_book& open(std::string host = "api.example") {
        return book.emplace(bench.runs_on(), names, std::move(host), 443,
                            address_lifetimes{30s, 300s});
    }
    testing::pending<resolved> ask() { return bench.start(book->addresses(stop)); }
    std::string texts(testing::pending<resolved> const& answered) const {
        if (!*answered) return "no answer";
        if (!**answered) return (*answered)->error().code.message();
        std::string all;
        for (auto const& each : ***answered)
            all += (all.empty() ? "" : " ") + text_of(each);
        return all;
    }

    testing::strand_bench bench;
    stop_signal stop;
    std::shared_ptr<testing::scripted_names> names = std::make_shared<testing::scripted_names>();
    std::optional<address_book> book;
};

TEST_F(address_books, need_no_look_up_for_an_address_or_this_machine) {
    struct example {
        char const* host;
        char const* expected;
    };
    for (auto const& [host, expected] :
         std::initializer_list<example>{{"127.0.0.1", "127.0.0.1:443"},
                                        {"10.1.2.3", "10.1.2.3:443"},
                                        {"::1", "[::1]:443"},
                                        {"2001:db8::1", "[2001:db8::1]:443"},
                                        {"localhost", "127.0.0.1:443 [::1]:443"}}) {
        open(host);
        EXPECT_EQ(texts(ask()), expected);
        book->none_reached();
        bench.pass(24h);
        EXPECT_EQ(texts(ask()), expected);
    }
    EXPECT_TRUE(names->asked().empty());
}

TEST_F(address_books, look_up_once_and_again_after_a_while) {
    open();
    names->always({"2001:db8::1", "2001:db8::2", "10.0.0.1"});
    EXPECT_EQ(texts(ask()), "[2001:db8::1]:443 10.0.0.1:443 [2001:db8::2]:443");
    bench.pass(29s);
    EXPECT_EQ(texts(ask()), "[2001:db8::1]:443 10.0.0.1:443 [2001:db8::2]:443");
    EXPECT_THAT(names->asked(), ElementsAre("api.example"));
    names->always({"10.0.0.9"});
    bench.pass(1s);
    EXPECT_EQ(texts(ask()), "10.0.0.9:443");
    EXPECT_EQ(names->asked().size(), 2U);
}

TEST_F(address_books, look_up_again_when_no_address_accepted) {
    open();
    names->always({"10.0.0.1"});
    ask();
    book->none_reached();
    names->always({"10.0.0.2"});
    EXPECT_EQ(texts(ask()), "10.0.0.2:443");
}

TEST_F(address_books, share_a_look_up_that_survives_whoever_began_it) {
    open();
    stop_signal first_stop;
    auto const first = bench.start(book->addresses(first_stop));
    auto const second = ask();
    EXPECT_EQ(names->asked().size(), 1U);
    first_stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*first) << "at once";
    EXPECT_EQ((*first)->error().code, asio::error::operation_aborted);
    EXPECT_FALSE(*second);
    auto const third = ask();
    EXPECT_EQ(names->asked().size(), 1U);
    names->answer({"10.0.0.1"});
    bench.settle();
    EXPECT_EQ(texts(second), "10.0.0.1:443");
    EXPECT_EQ(texts(third), "10.0.0.1:443");
}

TEST_F(address_books, keep_what_a_look_up_finds_for_nobody) {
    open();
    auto const asked = ask();
    stop.request(stop_reason::timeout);
    bench.settle();
    EXPECT_EQ(texts(asked), error_code{errc::deadline_exceeded}.message());
    names->answer({"10.0.0.1"});
    stop_signal another;
    auto const found = bench.start(book->addresses(another));
    EXPECT_EQ(texts(found), "10.0.0.1:443");
    EXPECT_EQ(names->asked().size(), 1U);
}

TEST_F(address_books, say_why_a_name_has_no_address) {
    open();
    names->always_fail(asio::error::host_not_found);
    auto const missing = ask();
    ASSERT_TRUE(*missing && !**missing);
    EXPECT_EQ((*missing)->error().code, errc::resolve_failed);
    EXPECT_EQ((*missing)->error().cause, asio::error::host_not_found);
    EXPECT_THAT((*missing)->error().message, HasSubstr("\"api.example\""));
    names->always({});
    EXPECT_THAT(ask()->value().error().message, HasSubstr("it has no address"));
    EXPECT_EQ(names->asked().size(), 2U) << "nothing is remembered of a failure";
}

TEST_F(address_books, use_old_addresses_while_the_resolver_fails) {
    open();
    names->always({"10.0.0.1"});
    ask();
    names->always_fail(asio::error::host_not_found_try_again);
    bench.pass(31s);
    EXPECT_EQ(texts(ask()), "10.0.0.1:443");
    EXPECT_EQ(texts(ask()), "10.0.0.1:443");
    EXPECT_EQ(names->asked().size(), 2U) << "it is given a rest";
    bench.pass(1s);
    EXPECT_EQ(texts(ask()), "10.0.0.1:443");
    EXPECT_EQ(names->asked().size(), 3U);
    bench.pass(270s);
    EXPECT_EQ(texts(ask()), error_code{errc::resolve_failed}.message()) << "five minutes is old";
}

TEST_F(address_books, use_old_addresses_while_the_resolver_hangs) {
    open();
    names->always({"10.0.0.1"});
    ask();
    names->hold();
    bench.pass(30s);
    auto const patient = ask();
    bench.pass(999ms);
    EXPECT_FALSE(*patient);
    bench.pass(1ms);
    EXPECT_EQ(texts(patient), "10.0.0.1:443");
    EXPECT_EQ(texts(ask()), "10.0.0.1:443") << "the next one waits no more";
    EXPECT_EQ(names->waiting(), 1U);
    names->answer({"10.0.0.2"});
    EXPECT_EQ(texts(ask()), "10.0.0.2:443");
}

TEST_F(address_books, may_be_gone_when_the_answer_comes) {
    open();
    auto const asked = ask();
    bench.scope().destroy_all();
    book.reset();
    names->answer({"10.0.0.1"});
    bench.settle();
    EXPECT_FALSE(*asked);
}

task<bool> runs_out_of_memory(address_book& book, stop_signal& stop) {
    try {
        auto const some = co_await book.addresses(stop);
        co_return !some && some.error().code == errc::out_of_memory;
    } catch (std::bad_alloc const&) {
        co_return true;
    }
}

TEST_F(address_books, do_not_wait_for_a_look_up_that_had_no_memory) {
    open();
    names->run_out_of_memory();
    EXPECT_TRUE(bench.finish(runs_out_of_memory(*book, stop)));
    names->always({"10.0.0.1"});
    EXPECT_EQ(texts(ask()), "10.0.0.1:443");
}

/// Too long for a label, so that no name server is asked.
std::string unknown_name() {
    return std::string(70, 'x') + ".invalid";
}

TEST_F(address_books, ask_the_system) {
    book.emplace(bench.runs_on(), system_names(bench.runs_on()), unknown_name(), 80);
    auto const missing = bench.finish(ask());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, errc::resolve_failed);
    EXPECT_TRUE(missing.error().cause);
    EXPECT_THAT(missing.error().message, HasSubstr(unknown_name()));
}

TEST_F(address_books, stop_asking_the_system_at_once) {
    book.emplace(bench.runs_on(), system_names(bench.runs_on()), unknown_name(), 80);
    auto const asked = std::make_shared<std::optional<resolved>>();
    bench.scope().begin(testing::keep(book->addresses(stop), asked));
    ASSERT_FALSE(*asked);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*asked);
    EXPECT_EQ((*asked)->error().code, asio::error::operation_aborted);
}

TEST(system_names, find_this_machine) {
    testing::strand_bench bench;
    auto const names = system_names(bench.runs_on());
    std::optional<std::vector<asio::ip::address>> found;
    names->look_up("localhost", [&](error_code, auto const& addresses) { found = addresses; });
    bench.run_until([&] { return found.has_value(); });
    ASSERT_FALSE(found->empty());
    for (auto const& each : *found)
        EXPECT_TRUE(each.is_loopback());
}

} // namespace
} // namespace bctrl::net
