#include "wire/feed_times.hpp"

#include <gtest/gtest.h>

#include "base/time_text.hpp"

namespace gridwall::wire {
namespace {

using base::TimeZone;

const TimeZone& new_york() {
  static const TimeZone zone = TimeZone::find("America/New_York").value();
  return zone;
}

std::string read(const char* form, std::string_view text) {
  const auto time = FeedTimeForm::parse(form).value().read(text, new_york());
  return time ? base::format_rfc3339(time->utc) : "none";
}

TEST(FeedTimes, reads_patterns_in_the_feeds_own_zone) {
  constexpr const char* kAmerican = "MM/DD/YYYY hh:mm:ss AM";
  EXPECT_EQ(read(kAmerican, "07/04/2025 12:00:00 AM"), "2025-07-04T04:00:00Z");
  EXPECT_EQ(read(kAmerican, "07/04/2025 12:30:00 pm"), "2025-07-04T16:30:00Z");
  EXPECT_EQ(read(kAmerican, "1/4/2025 1:02:03 PM"), "2025-01-04T18:02:03Z");
  EXPECT_EQ(read("YYYY-MM-DD hh:mm:ss", "2022-01-01 00:16:00"), "2022-01-01T05:16:00Z");
  EXPECT_EQ(read("YYYY-MM-DDThh:mm:ss.f", "2011-03-01T14:27:57.5"), "2011-03-01T19:27:57.500Z");
  EXPECT_EQ(read("YYYY-MM-DD", "2022-06-01"), "2022-06-01T04:00:00Z");
}

TEST(FeedTimes, reads_instants_without_a_zone) {
  EXPECT_EQ(read("rfc3339", "2022-01-01T00:00:00+08:00"), "2021-12-31T16:00:00Z");
  EXPECT_EQ(read("epoch_ms", "1763799000123"), "2025-11-22T08:10:00.123Z");
  EXPECT_EQ(read("epoch_s", "1763799000"), "2025-11-22T08:10:00Z");
}

TEST(FeedTimes, what_is_no_time_of_the_form_is_none) {
  constexpr const char* kAmerican = "MM/DD/YYYY hh:mm:ss AM";
  for (const char* text : {"", "02/30/2025 01:00:00 AM", "13/01/2025 01:00:00 AM", "01/01/2025 13:00:00 PM",
                           "01/01/2025 00:00:00 AM", "01/01/2025 01:00:00", "01/01/2025 01:00:00 AMx",
                           "01/01/25 01:00:00 AM", "01/01/1969 01:00:00 AM", "01/01/9999 01:00:00 AM"}) {
    EXPECT_EQ(read(kAmerican, text), "none") << text;
  }
  EXPECT_EQ(read("epoch_ms", "-1"), "none");
  EXPECT_EQ(read("epoch_ms", "99999999999999999"), "none");
  EXPECT_EQ(read("rfc3339", "2022-01-01T00:00:00"), "none");
}

TEST(FeedTimes, a_doubled_hour_has_two_instants_and_a_skipped_one_the_moment_of_the_change) {
  const FeedTimeForm form = FeedTimeForm::parse("YYYY-MM-DD hh:mm:ss").value();
  const auto doubled = form.read("2019-11-03 01:30:00", new_york()).value();
  EXPECT_EQ(doubled.reading, TimeZone::Reading::Twice);
  EXPECT_EQ(base::format_rfc3339(doubled.utc), "2019-11-03T05:30:00Z");
  EXPECT_EQ(base::format_rfc3339(doubled.utc_again), "2019-11-03T06:30:00Z");
  const auto skipped = form.read("2019-03-10 02:30:00", new_york()).value();
  EXPECT_EQ(skipped.reading, TimeZone::Reading::Never);
  EXPECT_EQ(base::format_rfc3339(skipped.utc), "2019-03-10T07:00:00Z");
}

TEST(FeedTimes, the_first_form_that_fits_is_taken) {
  const std::vector<FeedTimeForm> forms{FeedTimeForm::parse("rfc3339").value(),
                                        FeedTimeForm::parse("YYYY-MM-DD hh:mm:ss").value()};
  EXPECT_TRUE(read_feed_time("2022-01-01T00:00:00Z", forms, new_york())->utc_letter);
  EXPECT_FALSE(read_feed_time("2022-01-01 00:00:00", forms, new_york())->utc_letter);
  EXPECT_FALSE(read_feed_time("yesterday", forms, new_york()));
  EXPECT_FALSE(FeedTimeForm::parse("hh:mm").ok());
}

}  // namespace
}  // namespace gridwall::wire
