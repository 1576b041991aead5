// What the actions of `gridwall recording` share: opening with a told damage, places in a recording, times and sizes as
// text.
#pragma once

#include <string>
#include <vector>

#include "app/commands.hpp"
#include "base/time_zone.hpp"
#include "journal/recording.hpp"

namespace gridwall::app {

// One function an action, `arguments` without its name; recording_command.cpp has the table.
int run_recording_info(const Arguments& arguments);
int run_recording_verify(const Arguments& arguments);
int run_recording_digest(const Arguments& arguments);
int run_recording_cut(const Arguments& arguments);
int run_recording_bookmark(const Arguments& arguments);
int run_recording_backup(const Arguments& arguments);
int run_recording_export(const Arguments& arguments);

// Says on stderr what is missing of damaged files.
base::Result<journal::Recording> open_recording(const std::vector<std::string>& files);

// A sequence ("4711"), a moment ("2026-11-22T09:30:00+08:00") or the name of a bookmark, as the first event from there
// on, or as the last event until there. Empty text: the recording's own end on that side.
base::Result<std::uint64_t> first_event_from(journal::Recording& recording, const std::string& place);
base::Result<std::uint64_t> last_event_until(journal::Recording& recording, const std::string& place);

// "2026-11-22 09:30:00" on the recording's own clock.
std::string clock_text(base::UtcTime time, const base::TimeZone& zone);
base::TimeZone zone_of(const journal::Identity& identity);
std::string digest_text(std::uint64_t digest);
void print_out(const std::string& text);

}  // namespace gridwall::app
