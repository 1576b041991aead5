// Goal: whatever the lifecycle does to cases, in whatever batches and with whatever heartbeats between, the same
// digest, figures that add up, and a keyframe that goes on as the world it was taken from. Method: seeded walks over
// every row of the shipped lifecycle with all its facts (random_feed.hpp).
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "random_feed.hpp"
#include "state/keyframe.hpp"

namespace gridwall::test {
namespace {

using base::PeriodKind;
constexpr PeriodKind kKinds[] = {PeriodKind::Hour, PeriodKind::Day, PeriodKind::Week, PeriodKind::Month,
                                 PeriodKind::Year};

// The first division whose figures are not its own and its children's together; empty when all are.
std::string first_bad_sum(const state::World& world, const model::DivisionTree& tree) {
  for (const PeriodKind kind : kKinds) {
    const base::Period now = base::period_of(world.state_time(), kind, zone());
    for (const base::Period period : {now, base::previous_period(now)}) {
      for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) {
        state::Figures sum = world.own_figures({i}, period);
        const model::Range children = tree.divisions()[i].children;
        for (std::uint32_t child = children.begin; child < children.end; ++child) sum += world.figures({child}, period);
        if (!(sum == world.figures({i}, period))) return fmt::format("{} of {}", i, base::period_text(period));
      }
    }
  }
  return "";
}

std::vector<std::uint64_t> digests(const state::World& world, const model::DivisionTree& tree) {
  std::vector<std::uint64_t> all;
  for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) all.push_back(world.digest({i}));
  return all;
}

// Everything that a wall reads, of every division.
std::vector<state::Figures> all_figures(const state::World& world, const model::DivisionTree& tree) {
  std::vector<state::Figures> all;
  for (const PeriodKind kind : kKinds) {
    const base::Period period = base::period_of(world.state_time(), kind, zone());
    for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) all.push_back(world.figures({i}, period));
  }
  return all;
}

std::vector<std::string_view> bytes_of(const state::Keyframe& keyframe) {
  std::vector<std::string_view> parts;
  for (const state::KeyframePart& part : keyframe.parts) parts.push_back(part.bytes);
  return parts;
}

class WorldWalk : public testing::TestWithParam<std::uint64_t> {
 protected:
  std::shared_ptr<const model::DivisionTree> m_tree = small_tree();
};

TEST_P(WorldWalk, any_split_into_batches_and_any_heartbeats_give_the_same_digests_and_figures) {
  const auto feed = random_walks(GetParam(), 2500);
  state::World whole = shipped_world(), split = shipped_world();
  whole.apply(feed);
  base::Random random(GetParam() + 100);
  for (std::size_t begin = 0; begin < feed.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random.next_below(60), feed.size() - begin);
    if (begin > 0) {
      const auto gap = feed[begin].state_time - feed[begin - 1].state_time;
      split.advance_to(feed[begin - 1].state_time + gap / 3);
      split.advance_to(feed[begin - 1].state_time + gap / 2);
    }
    split.apply(std::span(feed).subspan(begin, size));
    if (random.next_below(3) == 0) (void)split.freeze();
    begin += size;
  }
  EXPECT_EQ(digests(split, *m_tree), digests(whole, *m_tree));
  EXPECT_EQ(all_figures(split, *m_tree), all_figures(whole, *m_tree));
  EXPECT_EQ(difference_from_recount(*split.freeze()), "");
  EXPECT_EQ(split.freeze()->digest, whole.freeze()->digest);
  ASSERT_NE(whole.freeze()->alerts, nullptr);
  EXPECT_EQ(*split.freeze()->alerts, *whole.freeze()->alerts) << "minutes are come to one by one in both";
  EXPECT_EQ(split.alerts().silent(), whole.alerts().silent());
}

TEST_P(WorldWalk, figures_are_their_own_and_the_childrens_and_counts_agree_with_a_recount) {
  const auto feed = random_walks(GetParam(), 2000);
  state::World world = shipped_world();
  for (std::size_t begin = 0; begin < feed.size(); begin += 250) {
    world.apply(std::span(feed).subspan(begin, 250));
    ASSERT_EQ(first_bad_sum(world, *m_tree), "") << "event " << begin;
    ASSERT_EQ(difference_from_recount(*world.freeze()), "") << "event " << begin;
  }
}

TEST_P(WorldWalk, a_keyframe_taken_anywhere_goes_on_as_the_world_it_was_taken_from) {
  const auto feed = random_walks(GetParam(), 3000);
  base::Random random(GetParam() + 200);
  const std::size_t cut = 500 + random.next_below(2000);
  state::World world = shipped_world();
  world.apply(std::span(feed).first(cut));
  const state::Keyframe keyframe = encode_keyframe(world);
  state::World restored = shipped_world();
  const auto parts = bytes_of(keyframe);
  ASSERT_TRUE(restore_keyframe(restored, keyframe.head, parts).ok());
  EXPECT_EQ(digests(restored, *m_tree), digests(world, *m_tree));
  EXPECT_EQ(all_figures(restored, *m_tree), all_figures(world, *m_tree));
  world.apply(std::span(feed).subspan(cut));
  restored.apply(std::span(feed).subspan(cut));
  const auto later = feed.back().state_time + std::chrono::days(45);  // settled cases leave their figures behind
  world.advance_to(later);
  restored.advance_to(later);
  EXPECT_EQ(digests(restored, *m_tree), digests(world, *m_tree));
  EXPECT_EQ(all_figures(restored, *m_tree), all_figures(world, *m_tree));
  const auto last = encode_keyframe(world);
  state::World again = shipped_world();
  ASSERT_TRUE(restore_keyframe(again, last.head, bytes_of(last)).ok());
  EXPECT_EQ(digests(again, *m_tree), digests(world, *m_tree));
}

// Rules of which an alert was raised.
std::set<model::AlertRule> rules_of(const state::World& world) {
  std::set<model::AlertRule> rules;
  for (const auto& [id, alert] : world.alerts().book().content().alerts) rules.insert(alert.rule);
  return rules;
}

TEST_P(WorldWalk, a_world_from_a_keyframe_raises_and_clears_the_same_alerts_as_one_that_never_stopped) {
  const auto feed = stormy_walks(GetParam(), 3000);
  base::Random random(GetParam() + 300);
  for (int round = 0; round < 3; ++round) {
    const std::size_t cut = feed.size() / 4 + random.next_below(feed.size() / 2);
    state::World world = shipped_world(), restored = shipped_world();
    world.apply(std::span(feed).first(cut));
    const state::Keyframe keyframe = encode_keyframe(world);
    ASSERT_TRUE(restore_keyframe(restored, keyframe.head, bytes_of(keyframe)).ok());
    ASSERT_EQ(restored.alerts().book().content(), world.alerts().book().content()) << "cut at " << cut;
    ASSERT_EQ(restored.alerts().silent(), world.alerts().silent()) << "cut at " << cut;
    for (std::size_t begin = cut; begin < feed.size(); begin += 50) {
      const auto next = std::span(feed).subspan(begin, std::min<std::size_t>(50, feed.size() - begin));
      world.apply(next);
      restored.apply(next);
      ASSERT_EQ(restored.alerts().book().content(), world.alerts().book().content()) << cut << " to " << begin;
      ASSERT_EQ(restored.alerts().silent(), world.alerts().silent()) << cut << " to " << begin;
    }
    const auto later = feed.back().state_time + std::chrono::days(40);
    world.advance_to(later);
    restored.advance_to(later);
    ASSERT_EQ(restored.alerts().book().content(), world.alerts().book().content()) << cut;
    ASSERT_EQ(restored.alerts().silent(), world.alerts().silent()) << cut;
    const auto rules = rules_of(world);
    EXPECT_TRUE(rules.contains(model::AlertRule::StormMode) && rules.contains(model::AlertRule::Burst) &&
                rules.contains(model::AlertRule::OvertimeShare) && rules.contains(model::AlertRule::Outside))
        << "the walk must raise what it compares";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, WorldWalk, testing::Range<std::uint64_t>(1, 9));

TEST(Keyframe, a_towns_part_alone_knows_the_town_and_nothing_else) {
  const auto tree = small_tree();
  state::World world = shipped_world(), town = shipped_world();
  world.apply(random_walks(3, 1500));
  const state::Keyframe keyframe = encode_keyframe(world);
  ASSERT_EQ(keyframe.parts.size(), 5u) << "the root's own and four towns";
  const state::KeyframePart& part = keyframe.parts[2];
  const std::string_view bytes = part.bytes;
  ASSERT_TRUE(restore_keyframe(town, keyframe.head, {&bytes, 1}).ok());
  EXPECT_EQ(town.digest(part.scope.division), world.digest(part.scope.division));
  EXPECT_EQ(town.digest(tree->root()), world.digest(part.scope.division));
  EXPECT_EQ(town.digest(keyframe.parts[1].scope.division), 0u);
}

TEST(Keyframe, a_towns_part_alone_brings_what_the_watches_saw_of_the_town_and_nothing_else) {
  const auto tree = small_tree();
  state::World world = shipped_world(), town = shipped_world();
  auto feed = stormy_walks(3, 3000);
  world.apply(feed);
  world.advance_to(feed.back().state_time + std::chrono::days(8));
  const state::Keyframe keyframe = encode_keyframe(world);
  const state::KeyframePart& part = keyframe.parts[2];
  const std::string_view bytes = part.bytes;
  ASSERT_TRUE(restore_keyframe(town, keyframe.head, {&bytes, 1}).ok());
  const auto is_ours = [&](model::DivisionIndex division) { return tree->is_within(division, part.scope.division); };
  std::map<std::uint64_t, state::Alert> ours;
  for (const auto& [id, alert] : world.alerts().book().content().alerts) {
    if (is_ours(alert.division)) ours.emplace(id, alert);
  }
  ASSERT_FALSE(ours.empty());
  EXPECT_EQ(town.alerts().book().content().alerts, ours);
  auto silent = world.alerts().silent();
  std::erase_if(silent, [&](const auto& one) { return !is_ours(one.first); });
  ASSERT_EQ(silent.size(), 4u) << "nobody reported for eight days";
  EXPECT_EQ(town.alerts().silent(), silent);
  town.advance_to(town.state_time() + std::chrono::days(3));
  EXPECT_EQ(town.alerts().silent(), silent) << "of the other towns nobody can say yet that they are silent";
}

TEST(Keyframe, bytes_that_were_cut_or_changed_are_refused_and_leave_an_empty_world) {
  state::World world = shipped_world();
  world.apply(random_walks(4, 300));
  const auto incident_count = world.freeze()->incident_count();
  const state::Keyframe keyframe = encode_keyframe(world);
  auto parts = bytes_of(keyframe);
  const std::string whole(parts[1]);
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    const std::string cut = whole.substr(0, size);
    parts[1] = cut;
    ASSERT_FALSE(restore_keyframe(world, keyframe.head, parts).ok()) << size;
    ASSERT_EQ(world.freeze()->incident_count(), 0u);
  }
  for (std::size_t i = 0; i < whole.size(); i += 61) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    parts[1] = changed;
    ASSERT_FALSE(restore_keyframe(world, keyframe.head, parts).ok()) << i;
  }
  parts[1] = whole;
  EXPECT_FALSE(restore_keyframe(world, whole, parts).ok()) << "a part is no head";
  ASSERT_TRUE(restore_keyframe(world, keyframe.head, parts).ok());
  EXPECT_EQ(world.freeze()->incident_count(), incident_count);
}

}  // namespace
}  // namespace gridwall::test
