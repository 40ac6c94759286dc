#include "emulator/model/store.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

struct stores : testing::Test {
    resource const* create(std::chrono::milliseconds run, std::string id = "") {
        life const script{.queued = 10ms, .steps = {{.takes = run}}, .cancelling = 5ms};
        return things.create(resource_kind::operation,
                             {.script = std::make_shared<life const>(script), .id = std::move(id)},
                             now);
    }
    std::vector<resource const*> pass(std::chrono::milliseconds time) {
        now += time;
        return things.advance(now);
    }

    identifiers ids{1};
    store things{ids};
    time_point now{};
};

TEST_F(stores, end_lives_in_the_order_of_their_ends) {
    auto const* slow = create(30ms);
    auto const* quick = create(20ms);
    EXPECT_EQ(things.next_end(), now + 30ms);
    EXPECT_TRUE(pass(29ms).empty());
    EXPECT_EQ(status_at(*quick, now), status::running);
    EXPECT_EQ(pass(100ms), (std::vector{quick, slow}));
    EXPECT_EQ(status_at(*slow, now), status::succeeded);
    EXPECT_EQ(slow->finished, slow->created + 40ms);
    EXPECT_EQ(slow->noticed, now);
    EXPECT_EQ(things.next_end(), std::nullopt);
    EXPECT_TRUE(pass(1000ms).empty());
}

TEST_F(stores, cancel_in_every_phase) {
    for (auto const when : {0ms, 9ms, 10ms, 29ms}) {
        auto const* r = create(20ms);
        pass(when);
        EXPECT_EQ(things.cancel(*r, now), cancel_effect::requested);
        EXPECT_EQ(status_at(*r, now), status::cancelling);
        auto const requested = now;
        EXPECT_TRUE(pass(4ms).empty());
        EXPECT_EQ(things.cancel(*r, now), cancel_effect::requested_before);
        EXPECT_EQ(r->cancel_requested, requested);
        EXPECT_EQ(pass(1ms), std::vector{r});
        EXPECT_EQ(r->ended, status::cancelled);
        EXPECT_EQ(things.cancel(*r, now), cancel_effect::finished_before);
        EXPECT_EQ(r->ended, status::cancelled);
    }
}

TEST_F(stores, keep_ids_apart_by_kind) {
    auto const script = std::make_shared<life const>();
    EXPECT_NE(create(0ms, "a"), nullptr);
    EXPECT_EQ(create(0ms, "a"), nullptr);
    EXPECT_NE(things.create(resource_kind::invocation, {.script = script, .id = "a"}, now),
              nullptr);
    EXPECT_EQ(things.find(resource_kind::operation, "b"), nullptr);
    EXPECT_EQ(things.operations(), 1u);
    EXPECT_EQ(things.invocations(), 1u);
}

TEST_F(stores, number_the_commands_of_each_run) {
    auto const script = std::make_shared<life const>();
    auto const invoke = [&](std::string run) {
        return things.create(resource_kind::invocation,
                             {.script = script, .run_id = std::move(run)}, now);
    };
    EXPECT_EQ(invoke("one")->sequence_no, 1);
    EXPECT_EQ(invoke("two")->sequence_no, 1);
    EXPECT_EQ(invoke("one")->sequence_no, 2);
    EXPECT_EQ(things.find_run("one")->commands.size(), 2u);
    EXPECT_EQ(things.create_run("one", {}), nullptr);
    EXPECT_EQ(things.find_run("three"), nullptr);
}

TEST_F(stores, forget_everything) {
    create(10ms, "a");
    things.clear();
    EXPECT_EQ(things.operations(), 0u);
    EXPECT_TRUE(pass(100ms).empty());
    EXPECT_NE(create(10ms, "a"), nullptr);
}

TEST(identifier, is_a_uuid_of_version_4) {
    identifiers ids{7};
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        auto const id = ids.uuid();
        ASSERT_EQ(id.size(), 36u);
        EXPECT_EQ(id[14], '4');
        EXPECT_NE(std::string{"89ab"}.find(id[19]), std::string::npos) << id;
        EXPECT_TRUE(seen.insert(id).second);
    }
}

} // namespace
} // namespace bctrl::emulator
