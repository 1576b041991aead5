// Property: whatever event the wire can carry, its bytes decode to the same event, and encode to the same bytes again.
#include <gtest/gtest.h>

#include "some_event.hpp"

namespace gridwall::wire {
namespace {

TEST(EventRoundTrip, every_event_comes_back_equal_from_the_feed_and_from_the_intake) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    base::Random random(seed);
    const model::Event event = some_event(random);
    const std::string bytes = encode_event(event);
    const auto decoded = decode_feed_event(bytes);
    ASSERT_TRUE(decoded.ok()) << "seed " << seed << ": " << decoded.error().message;
    ASSERT_EQ(*decoded, event) << "seed " << seed;
    ASSERT_EQ(encode_event(*decoded), bytes) << "seed " << seed;

    const DecodedBatch intake = decode_events(encode_intake_event(event));
    ASSERT_EQ(intake.elements.size(), 1u);
    ASSERT_TRUE(std::holds_alternative<model::Event>(intake.elements[0])) << "seed " << seed;
    ASSERT_EQ(std::get<model::Event>(intake.elements[0]).incident, event.incident) << "seed " << seed;
    ASSERT_EQ(intake.dropped_member_count, 0u) << "seed " << seed;
  }
}

TEST(EventRoundTrip, no_cut_or_changed_byte_does_more_than_refuse) {
  base::Random random(7);
  const std::string bytes = encode_event(some_event(random));
  EventDecoder decoder;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decoder.decode_feed_event(bytes.substr(0, i)).ok()) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(random.next_below(256));
    const DecodedBatch batch = decoder.decode_intake(changed);
    EXPECT_EQ(batch.elements.size(), 1u) << i;
  }
}

}  // namespace
}  // namespace gridwall::wire
