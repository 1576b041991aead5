// Times as foreign feeds write them: RFC 3339, seconds or milliseconds since 1970, or a local reading by a pattern such
// as "MM/DD/YYYY hh:mm:ss AM" in the feed's own zone. A local reading may have happened twice or never; both are told,
// and nothing is thrown away for it. Private to wire. Test: tests/unit/wire/feed_times_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time_zone.hpp"

namespace gridwall::wire {

struct FeedTime {
  base::UtcTime utc{};
  base::TimeZone::Reading reading = base::TimeZone::Reading::Unique;
  base::UtcTime utc_again{};  // of Twice: the second of the two
  bool utc_letter = false;    // "Z" stood where an offset should
  bool operator==(const FeedTime&) const = default;
};

class FeedTimeForm {
 public:
  // "rfc3339", "epoch_ms", "epoch_s", or a pattern of YYYY MM DD hh mm ss f AM; other characters stand for themselves.
  // All but YYYY may have one digit less; f is a fraction of a second of 1 to 9 digits; AM reads am and pm.
  static base::Result<FeedTimeForm> parse(std::string_view text);

  // Nothing: the text is not of this form, no date of the calendar, or outside 1970 to 2200.
  [[nodiscard]] std::optional<FeedTime> read(std::string_view text, const base::TimeZone& zone) const;
  [[nodiscard]] const std::string& text() const { return m_text; }

 private:
  enum class Kind : std::uint8_t { Rfc3339, EpochMs, EpochSeconds, Pattern };
  Kind m_kind = Kind::Rfc3339;
  std::string m_text;
};

// The first form that fits.
std::optional<FeedTime> read_feed_time(std::string_view text, const std::vector<FeedTimeForm>& forms,
                                       const base::TimeZone& zone);

}  // namespace gridwall::wire
