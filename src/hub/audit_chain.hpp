// The audit log's lines: JSON, one a line, each with the hash of the line before it and its own (SHA-256), so that a
// line that was changed, deleted, inserted or moved no longer fits. One file a day; its first line names the day before
// and goes on with its hash. Pure functions on text; the file is hub/audit_log.hpp.
// What a line hashes: its bytes up to its own `,"hash":`. What the chain cannot show: that the newest lines are missing
// (note the last hash elsewhere and give it to --expect), and that somebody wrote the whole rest of the chain anew.
// Test: tests/unit/hub/audit_log_test.cpp, tests/fuzz/audit_lines_fuzz.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace gridwall::hub {

inline constexpr std::size_t kAuditTextBytesMax = 128;            // of each text of an entry; the rest is cut
inline constexpr std::size_t kAuditLineBytesMax = 16U << 10;      // of a line; ours stay far below
inline constexpr std::size_t kAuditHashBytes = 64;                // hexadecimal
inline constexpr std::string_view kAuditBegins = "audit.begins";  // the first line of each file
inline constexpr std::string_view kAuditTorn = "audit.torn";      // bytes of a crash were moved aside
inline constexpr std::string_view kAuditLost = "audit.lost";      // lines could not be kept; `count` says how many

// What was asked and what came of it. Ids only: no content of events, nobody's name.
struct AuditEntry {
  base::UtcTime at{};
  std::string seat, role;
  bool proven = false;
  std::string op;                                 // "publish", "command", "follow", "connect", "clock.seek" ...
  std::string event_type, event_id, incident_id;  // empty: none
  std::string outcome;                            // "accepted", "refused", "held" ...
  std::string reason;                             // of a refusal: a word
  std::uint64_t count = 0;                        // of several at once; 0: not told
};

[[nodiscard]] std::string first_audit_hash();  // 64 zeros: before the first line of all

struct AuditLine {
  std::string text;  // with its line feed
  std::string hash;
};
[[nodiscard]] AuditLine make_audit_line(const AuditEntry& entry, std::string_view previous_hash);
// `continues`: the name of the file of the day before; empty for the first of all.
[[nodiscard]] AuditLine make_audit_begin(base::UtcTime at, std::string_view continues, std::string_view previous_hash);

// A line as it stands, without its line feed; nullopt: it has not the form of one, or its own hash is wrong.
struct ReadAuditLine {
  std::string_view previous_hash, hash;
  bool begins = false;
  std::string_view continues;  // of a line that begins a file
};
[[nodiscard]] std::optional<ReadAuditLine> read_audit_line(std::string_view line);

[[nodiscard]] std::string audit_file_name(std::string_view day);  // "audit-2026-11-22.jsonl"
[[nodiscard]] bool is_audit_file_name(std::string_view name);
// Of a folder, oldest first. Error: no such folder.
base::Result<std::vector<std::filesystem::path>> audit_files(const std::filesystem::path& folder);

struct AuditVerdict {
  bool fits = true;
  std::string problem;  // else: "FILE:LINE: what is wrong"
  std::uint64_t file_count = 0, line_count = 0;
  std::string last_hash;            // of the last line that fits
  bool expected_found = false;      // `expected_hash` is the hash of a line
  std::string starts_after;         // the first file read goes on from this one, which was not read; empty: from none
  std::vector<std::string> asides;  // files beside them with what crashes left over
};
struct AuditQuestion {
  std::string expected_hash;  // noted earlier; empty: none
  bool trimmed = false;       // older files were removed on purpose
};
// A file, or every audit file of a folder, up to the first line that does not fit. Error: it cannot be read at all.
base::Result<AuditVerdict> verify_audit(const std::filesystem::path& path, const AuditQuestion& question);

}  // namespace gridwall::hub
