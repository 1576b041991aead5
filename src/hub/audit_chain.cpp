#include "hub/audit_chain.hpp"

#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/json_writer.hpp"
#include "base/time_text.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;

namespace {

constexpr std::string_view kPreviousKey = ",\"previous\":\"";
constexpr std::string_view kHashKey = "\",\"hash\":\"";
constexpr std::string_view kEnd = "\"}";
// ,"previous":"<64>","hash":"<64>"}
constexpr std::size_t kTailBytes =
    kPreviousKey.size() + kAuditHashBytes + kHashKey.size() + kAuditHashBytes + kEnd.size();
constexpr std::string_view kBeginsField = ",\"op\":\"audit.begins\",\"version\":1,\"continues\":\"";
constexpr std::string_view kFileHead = "audit-", kFileTail = ".jsonl";

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::string text(2 * sizeof digest + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest, sizeof digest);
  text.pop_back();
  return text;
}

bool is_hash(std::string_view text) {
  return text.size() == kAuditHashBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Whole characters of UTF-8 only.
std::string_view cut(std::string_view text) {
  if (text.size() <= kAuditTextBytesMax) return text;
  std::size_t end = kAuditTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// `json` is an open object without its closing brace.
AuditLine chained(std::string json, std::string_view previous_hash) {
  AuditLine line;
  line.text = std::move(json);
  line.text += kPreviousKey;
  line.text += previous_hash;
  line.text += '"';
  line.hash = sha256_hex(line.text);
  line.text += kHashKey.substr(1);
  line.text += line.hash;
  line.text += kEnd;
  line.text += '\n';
  return line;
}

std::string without_brace(JsonWriter& json) {
  std::string text = json.end_object().take();
  text.pop_back();
  return text;
}

}  // namespace

std::string first_audit_hash() {
  return std::string(kAuditHashBytes, '0');
}

AuditLine make_audit_line(const AuditEntry& entry, std::string_view previous_hash) {
  JsonWriter json;
  json.begin_object().field("time", base::format_rfc3339(entry.at)).field("op", cut(entry.op));
  json.field("seat", cut(entry.seat)).field("role", cut(entry.role)).field("proven", entry.proven);
  const std::pair<const char*, const std::string&> texts[] = {{"type", entry.event_type},
                                                              {"id", entry.event_id},
                                                              {"incident", entry.incident_id},
                                                              {"outcome", entry.outcome},
                                                              {"reason", entry.reason}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) json.field(name, cut(text));
  }
  if (entry.count != 0) json.field("count", entry.count);
  return chained(without_brace(json), previous_hash);
}

AuditLine make_audit_begin(base::UtcTime at, std::string_view continues, std::string_view previous_hash) {
  JsonWriter json;
  json.begin_object().field("time", base::format_rfc3339(at)).field("op", kAuditBegins).field("version", 1);
  json.field("continues", continues);
  return chained(without_brace(json), previous_hash);
}

std::optional<ReadAuditLine> read_audit_line(std::string_view line) {
  if (line.size() > kAuditLineBytesMax || line.size() < kTailBytes || !line.starts_with("{\"time\":\"")) {
    return std::nullopt;
  }
  const std::string_view tail = line.substr(line.size() - kTailBytes);
  ReadAuditLine read;
  read.previous_hash = tail.substr(kPreviousKey.size(), kAuditHashBytes);
  read.hash = tail.substr(kPreviousKey.size() + kAuditHashBytes + kHashKey.size(), kAuditHashBytes);
  const bool formed = tail.starts_with(kPreviousKey) && tail.ends_with(kEnd) && is_hash(read.previous_hash) &&
                      is_hash(read.hash) &&
                      tail.substr(kPreviousKey.size() + kAuditHashBytes, kHashKey.size()) == kHashKey;
  const std::size_t hashed_bytes = line.size() - kEnd.size() - kAuditHashBytes - (kHashKey.size() - 1);
  if (!formed || sha256_hex(line.substr(0, hashed_bytes)) != read.hash) return std::nullopt;
  // A quote inside a text is escaped, so these bytes stand nowhere else.
  const auto begins = line.find(kBeginsField);
  if (begins != std::string_view::npos) {
    read.begins = true;
    const std::string_view rest = line.substr(begins + kBeginsField.size());
    read.continues = rest.substr(0, rest.find('"'));
  }
  return read;
}

std::string audit_file_name(std::string_view day) {
  return fmt::format("{}{}{}", kFileHead, day, kFileTail);
}

bool is_audit_file_name(std::string_view name) {
  constexpr std::string_view kDay = "dddd-dd-dd";
  if (name.size() != kFileHead.size() + kDay.size() + kFileTail.size() || !name.starts_with(kFileHead) ||
      !name.ends_with(kFileTail)) {
    return false;
  }
  for (std::size_t i = 0; i < kDay.size(); ++i) {
    const char c = name[kFileHead.size() + i];
    if (kDay[i] == 'd' ? c < '0' || c > '9' : c != kDay[i]) return false;
  }
  return true;
}

Result<std::vector<std::filesystem::path>> audit_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (auto at = std::filesystem::directory_iterator(folder, code); !code && at != end(at); at.increment(code)) {
    if (is_audit_file_name(at->path().filename().string())) files.push_back(at->path());
  }
  if (code) return Error{ErrorCode::NotFound, fmt::format("{}: {}", folder.string(), code.message())};
  std::sort(files.begin(), files.end());  // the names sort by day
  return files;
}

namespace {

class Verifier {
 public:
  explicit Verifier(const AuditQuestion& question) : m_question(question) {}

  // False: the verdict is spoken.
  bool read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(file, 0, "cannot be opened; check its permissions");
    ++m_verdict.file_count;
    std::string line;
    std::uint64_t number = 0;
    while (next_line(stream, line)) {
      ++number;
      if (!m_complete) return fail(file, number, kTornText);
      if (!take(file, number, line)) return false;
    }
    if (number == 0) return fail(file, 1, "is empty: its first line, which links it to the day before, is missing");
    m_previous_file = file.filename().string();
    return true;
  }

  AuditVerdict take_verdict() { return std::move(m_verdict); }

 private:
  static constexpr std::string_view kTornText =
      "does not end with a line feed: it was cut, or the hub was killed at that moment (a hub that starts again moves "
      "such bytes aside)";

  // A line longer than any of ours ends early and then fits nowhere: bounded memory on any file.
  bool next_line(std::ifstream& stream, std::string& line) {
    line.clear();
    m_complete = false;
    for (int c = stream.get(); c != std::ifstream::traits_type::eof(); c = stream.get()) {
      if (c == '\n') {
        m_complete = true;
        return true;
      }
      line += static_cast<char>(c);
      if (line.size() > kAuditLineBytesMax) {
        m_complete = true;
        return true;
      }
    }
    return !line.empty();
  }

  bool take(const std::filesystem::path& file, std::uint64_t number, const std::string& line) {
    const auto read = read_audit_line(line);
    if (!read) return fail(file, number, "is no line of an audit log as it was written: it was changed");
    if (read->begins != (number == 1)) {
      return fail(file, number,
                  number == 1 ? "the line that begins the file is missing: lines were cut off at its head"
                              : "begins a file in the middle of one: lines were put together");
    }
    if (m_verdict.line_count == 0) {
      if (!take_first(file, *read)) return false;
    } else if (read->begins && read->continues != m_previous_file) {
      return fail(file, number,
                  fmt::format("goes on from {}, but the file before it is {}: a file is missing or was "
                              "renamed",
                              named(read->continues), m_previous_file));
    }
    if (m_verdict.line_count != 0 && read->previous_hash != m_verdict.last_hash) {
      return fail(file, number,
                  read->begins ? fmt::format("does not fit the last line of {}: lines are missing at its "
                                             "end, or were added",
                                             m_previous_file)
                               : "does not fit the line before it: lines were deleted, inserted or moved");
    }
    ++m_verdict.line_count;
    m_verdict.last_hash = read->hash;
    if (read->hash == m_question.expected_hash) m_verdict.expected_found = true;
    return true;
  }

  bool take_first(const std::filesystem::path& file, const ReadAuditLine& read) {
    m_verdict.starts_after = read.continues;
    if (read.continues.empty() && read.previous_hash != first_audit_hash()) {
      return fail(file, 1, "goes on from a line of no file: files are missing before it");
    }
    if (read.continues.empty() || m_question.trimmed) return true;
    return fail(file, 1,
                fmt::format("goes on from {}, which is not here; if older files were removed on purpose, say "
                            "--trimmed",
                            read.continues));
  }

  static std::string named(std::string_view file) { return file.empty() ? "no file" : std::string(file); }

  bool fail(const std::filesystem::path& file, std::uint64_t number, std::string_view why) {
    m_verdict.fits = false;
    m_verdict.problem = fmt::format("{}:{}: {}", file.string(), number, why);
    return false;
  }

  const AuditQuestion& m_question;
  AuditVerdict m_verdict;
  std::string m_previous_file;
  bool m_complete = false;
};

}  // namespace

Result<AuditVerdict> verify_audit(const std::filesystem::path& path, const AuditQuestion& question) {
  std::vector<std::filesystem::path> files{path};
  std::error_code code;
  const bool is_folder = std::filesystem::is_directory(path, code);
  if (is_folder) {
    TRY_ASSIGN(files, audit_files(path));
    if (files.empty()) {
      return Error{ErrorCode::NotFound, fmt::format("{}: no audit files (audit-2026-11-22.jsonl ...)", path.string())};
    }
  } else if (!std::filesystem::exists(path, code)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: no such file or folder", path.string())};
  }
  AuditQuestion asked = question;
  if (!is_folder) asked.trimmed = true;  // one file cannot show more than itself
  Verifier verifier(asked);
  for (const auto& file : files) {
    if (!verifier.read_file(file)) break;
  }
  AuditVerdict verdict = verifier.take_verdict();
  if (is_folder) {
    for (auto at = std::filesystem::directory_iterator(path, code); !code && at != end(at); at.increment(code)) {
      const std::string name = at->path().filename().string();
      if (name.starts_with(kFileHead) && name.find(".torn-") != std::string::npos) verdict.asides.push_back(name);
    }
  }
  std::sort(verdict.asides.begin(), verdict.asides.end());
  if (verdict.fits && !question.expected_hash.empty() && !verdict.expected_found) {
    verdict.fits = false;
    verdict.problem = fmt::format(
        "{}: no line has the hash {}: the line that had it is missing, lines were cut off at "
        "the end or the log was written anew",
        path.string(), question.expected_hash);
  }
  return verdict;
}

}  // namespace gridwall::hub
