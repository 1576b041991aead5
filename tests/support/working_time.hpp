// The shipped working calendar on Shanghai's clock, and times as people write them there.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/time_text.hpp"
#include "model/work_calendar.hpp"

namespace gridwall::support {

inline const model::WorkCalendar& shipped_calendar() {
  static const model::WorkCalendar calendar = [] {
    auto loaded = model::load_work_calendar(GRIDWALL_SOURCE_DIR "/config/calendars/cn.toml",
                                            base::TimeZone::find("Asia/Shanghai").value());
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
    return std::move(loaded).value();
  }();
  return calendar;
}

// "2024-09-24 10:00" of a zone.
inline base::UtcTime local(std::string_view text, const base::TimeZone& zone = shipped_calendar().zone()) {
  const auto as_if_utc = base::parse_rfc3339(std::string(text) + ":00Z").value();
  return zone.from_local(base::LocalInstant(as_if_utc.time_since_epoch())).utc;
}

inline std::string local_text(base::UtcTime time, const base::TimeZone& zone = shipped_calendar().zone()) {
  return base::format_date(time, zone) + " " + base::format_hms(time, zone).substr(0, 5);
}

}  // namespace gridwall::support
