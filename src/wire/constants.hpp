// The protocol's numbers, in one place: limits of a message and times of the feed (design.md, Constants).
// Values that a deployer may change are defaults; limits are part of the protocol.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace gridwall::wire {

inline constexpr int kProtocolVersion = 1;

// Feed.
inline constexpr base::Duration kHeartbeatInterval = std::chrono::milliseconds(250);
inline constexpr base::Duration kStaleAfter = std::chrono::milliseconds(1500);  // without a heartbeat
inline constexpr base::Duration kBehindShownFrom = std::chrono::seconds(1);
// A heartbeat may name a sequence that we have not heard. On one connection that is a gap; where a transport lets it
// overtake the event, the event has this long to come.
inline constexpr base::Duration kGapGrace = std::chrono::milliseconds(500);
inline constexpr base::Duration kPingInterval = std::chrono::seconds(1);
// Times in messages lie between these; so every accepted time can be written again, whatever its offset was.
inline constexpr base::UtcTime kTimeMin = std::chrono::sys_days(std::chrono::year(1970) / 1 / 1);
inline constexpr base::UtcTime kTimeMax = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);
// Monotonic times in messages lie within this many nanoseconds (36 years of running), so that sums cannot overflow.
inline constexpr std::int64_t kMonotonicNanosecondsMax = std::int64_t{1} << 60;
inline constexpr std::size_t kOffsetWindow = 8;  // round trips, the quickest counts

// Reconnecting.
inline constexpr base::Duration kReconnectMin = std::chrono::milliseconds(100);
inline constexpr base::Duration kReconnectMax = std::chrono::seconds(10);
inline constexpr double kReconnectJitter = 0.2;

// Sync: an exchange without progress is given up and asked for anew, each time a little later.
inline constexpr base::Duration kSyncPatience = std::chrono::seconds(1);
inline constexpr base::Duration kSyncRetryMin = std::chrono::milliseconds(200);
inline constexpr base::Duration kSyncRetryMax = std::chrono::seconds(5);

// Intake.
inline constexpr base::Duration kSkewAheadFlagged = std::chrono::minutes(5);
inline constexpr base::Duration kSkewLateFlagged = std::chrono::hours(24);
inline constexpr base::Duration kDedupeWindow = std::chrono::hours(24 * 30);

// One message of a publisher.
inline constexpr std::size_t kMessageBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kMessageElementsMax = 1000;
inline constexpr std::size_t kMessageDepthMax = 16;
// Texts, in bytes of UTF-8.
inline constexpr std::size_t kSubjectBytesMax = 64;
inline constexpr std::size_t kIdBytesMax = 128;   // id, source, type
inline constexpr std::size_t kCodeBytesMax = 64;  // class, class_set, channel, division
inline constexpr std::size_t kDepartmentBytesMax = 128;
inline constexpr std::size_t kLimitBytesMax = 16;  // "100000um"
inline constexpr std::size_t kReasonBytesMax = 64;
inline constexpr int kSolvedLevelMax = 15;
inline constexpr std::size_t kDerivedNameBytesMax = 64;
inline constexpr std::size_t kMovedCaseBytesMax = 64 << 10;  // a case with thousands of pauses
inline constexpr std::size_t kCrsBytesMax = 512;             // a PROJ pipeline may stand there
inline constexpr std::size_t kPathBytesMax = 1024;
// Alerts: free text, and the size of an area.
inline constexpr std::size_t kHeadlineBytesMax = 256;
inline constexpr std::size_t kAlertTextBytesMax = 4096;  // description, instruction
inline constexpr std::size_t kAlertWordBytesMax = 64;    // category, urgency, certainty
inline constexpr std::size_t kAlertNameBytesMax = 128;
inline constexpr std::size_t kAlertPolygonsMax = 64;
inline constexpr std::size_t kAlertPointsMax = 10'000;  // of all polygons together
inline constexpr std::size_t kAlertCirclesMax = 64;
inline constexpr std::size_t kAlertCodesMax = 256;
inline constexpr double kAlertRadiusKmMax = 20'040;  // half way round the Earth
inline constexpr std::size_t kWordBytesMax = 40;     // of the register's words
inline constexpr std::size_t kWordDigitsMax = 6;     // in a row
inline constexpr std::size_t kCheckedMax = 16;
inline constexpr std::size_t kNoticeBytesMax = 500;
inline constexpr double kEntryNumberMax = 9e9;
inline constexpr std::int32_t kEntryRadiusMax = 100'000;  // metres
inline constexpr double kCoordinateMax = 1e9;             // of either axis, degrees or metres

}  // namespace gridwall::wire
