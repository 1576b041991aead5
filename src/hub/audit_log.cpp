#include "hub/audit_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>

#include "base/log.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::UtcTime;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTailBytesMax = 1U << 20;  // of a file's end that is read at the opening
constexpr std::size_t kTrailEntriesMax = 65'536;
constexpr std::size_t kTrailBatch = 4'096;
constexpr base::Duration kTrailPatience = std::chrono::milliseconds(250);
constexpr int kAsidesMax = 1'000;

Error system_error(const fs::path& file, std::string_view what, int number) {
  return {ErrorCode::Unavailable, fmt::format("{}: {}: {}", file.string(), what, std::strerror(number))};
}

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : m_number(number) {}
  Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_number, other.m_number);
    return *this;
  }
  ~Descriptor() {
    if (m_number >= 0) ::close(m_number);
  }
  [[nodiscard]] int get() const { return m_number; }

 private:
  int m_number;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// How a file ends: after `good_bytes` comes what is no line.
struct FileEnd {
  std::uint64_t size_bytes = 0, good_bytes = 0;
  std::string last_hash;  // empty: no line at all
  std::string rest;
};

Result<FileEnd> read_end(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found {};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &found) != 0) {
    return system_error(file, "cannot be opened", errno);
  }
  FileEnd end;
  end.size_bytes = static_cast<std::uint64_t>(found.st_size);
  const std::uint64_t start = end.size_bytes > kTailBytesMax ? end.size_bytes - kTailBytesMax : 0;
  std::string tail(end.size_bytes - start, '\0');
  std::size_t filled = 0;
  while (filled < tail.size()) {
    const ssize_t count =
        ::pread(descriptor.get(), tail.data() + filled, tail.size() - filled, static_cast<off_t>(start + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return system_error(file, "cannot be read", errno);
    filled += static_cast<std::size_t>(count);
  }
  // From the last line feed backwards to the first line that is one.
  std::size_t line_end = tail.rfind('\n');
  while (line_end != std::string::npos) {
    const std::size_t before = line_end == 0 ? std::string::npos : tail.rfind('\n', line_end - 1);
    const std::size_t line_start = before == std::string::npos ? 0 : before + 1;
    if (const auto line = read_audit_line(std::string_view(tail).substr(line_start, line_end - line_start))) {
      end.last_hash = line->hash;
      end.good_bytes = start + line_end + 1;
      end.rest = tail.substr(line_end + 1);
      return end;
    }
    line_end = before;
  }
  if (start != 0) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: its last {} bytes hold no line of an audit log; see 'gridwall audit verify {}', then "
                             "move the file away and start again",
                             file.string(), kTailBytesMax, file.parent_path().string())};
  }
  end.rest = std::move(tail);
  return end;
}

}  // namespace

struct AuditLog::File {
  struct Pending {
    std::string name, text, hash;
  };

  Status lock();
  Status find_end(UtcTime now);
  // `told` gets the entry that says so.
  Status move_aside(const fs::path& damaged, const FileEnd& end, UtcTime now, std::vector<AuditEntry>& told);
  void add_line(const AuditEntry& entry);
  void add_pending(std::string name, AuditLine line);
  Status write_pending();
  Status write_to(const std::string& name, std::string_view text);
  Status open_file(const std::string& name);

  AuditOptions options;
  Descriptor folder;  // locked as long as it is open
  Descriptor file;
  std::string file_name;         // of `file`
  std::uint64_t good_bytes = 0;  // of `file`, synced
  bool is_soiled = false;        // bytes behind `good_bytes` may be there
  std::string name, hash;        // of the newest line, written or pending
  std::deque<Pending> pending;
  std::size_t pending_bytes = 0;
  std::uint64_t lost_unsaid_count = 0;
  UtcTime newest_at{};
  AuditStatus status;
};

Status AuditLog::File::lock() {
  std::error_code code;
  if (fs::create_directories(options.folder, code)) ::chmod(options.folder.c_str(), 0700);
  folder = Descriptor(::open(options.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return system_error(options.folder, "the audit log's folder cannot be opened", errno);
  if (::flock(folder.get(), LOCK_EX | LOCK_NB) == 0) return {};
  return Error{ErrorCode::Unavailable,
               fmt::format("{}: another hub writes its audit log here; give each hub a folder of its own",
                           options.folder.string())};
}

Status AuditLog::File::find_end(UtcTime now) {
  hash = first_audit_hash();
  TRY_ASSIGN(auto files, audit_files(options.folder));
  std::vector<AuditEntry> torn;
  while (!files.empty()) {
    const fs::path newest = files.back();
    TRY_ASSIGN(const FileEnd end, read_end(newest));
    if (!end.last_hash.empty()) {
      name = newest.filename().string();
      hash = end.last_hash;
    }
    if (end.good_bytes != end.size_bytes) TRY(move_aside(newest, end, now, torn));
    if (!end.last_hash.empty()) break;
    // Nothing of it was ever synced: as if it had not been begun.
    if (::unlink(newest.c_str()) != 0) return system_error(newest, "cannot be removed", errno);
    files.pop_back();
  }
  status.last_hash = hash;
  for (const AuditEntry& entry : torn) add_line(entry);
  return {};
}

Status AuditLog::File::move_aside(const fs::path& damaged, const FileEnd& end, UtcTime now,
                                  std::vector<AuditEntry>& told) {
  for (int number = 1; number <= kAsidesMax; ++number) {
    const fs::path aside = fmt::format("{}.torn-{}", damaged.string(), number);
    const Descriptor out(::open(aside.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (out.get() < 0 && errno == EEXIST) continue;
    if (out.get() < 0 || !write_all(out.get(), end.rest) || ::fsync(out.get()) != 0) {
      return system_error(aside, "cannot be written", errno);
    }
    if (::truncate(damaged.c_str(), static_cast<off_t>(end.good_bytes)) != 0) {
      return system_error(damaged, "cannot be cut to its last whole line", errno);
    }
    status.told = fmt::format(
        "{} bytes at the end of {} were no whole lines (the hub was killed as it wrote them); they "
        "are in {}, and the chain goes on",
        end.rest.size(), damaged.string(), aside.filename().string());
    base::log_warning("hub", "audit log: {}", status.told);
    AuditEntry torn;
    torn.at = now;
    torn.op = kAuditTorn;
    torn.outcome = "moved_aside";
    torn.reason = aside.filename().string();
    torn.count = end.rest.size();
    told.push_back(std::move(torn));
    return {};
  }
  return Error{ErrorCode::Unavailable, fmt::format("{}: too many files .torn-* beside it", damaged.string())};
}

void AuditLog::File::add_pending(std::string target, AuditLine line) {
  pending_bytes += line.text.size();
  hash = line.hash;
  name = target;
  pending.push_back({std::move(target), std::move(line.text), std::move(line.hash)});
}

void AuditLog::File::add_line(const AuditEntry& entry) {
  newest_at = std::max(newest_at, entry.at);
  // A clock that was set back does not reopen a day: the chain only goes forward.
  const std::string wanted = std::max(audit_file_name(base::format_date(entry.at, options.zone)), name);
  if (wanted != name) add_pending(wanted, make_audit_begin(entry.at, name, hash));
  add_pending(wanted, make_audit_line(entry, hash));
}

Status AuditLog::File::open_file(const std::string& wanted) {
  if (wanted == file_name && file.get() >= 0) return {};
  const fs::path path = options.folder / wanted;
  Descriptor opened(::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat found {};
  if (opened.get() < 0 || ::fstat(opened.get(), &found) != 0) return system_error(path, "cannot be opened", errno);
  ::fsync(folder.get());
  file = std::move(opened);
  file_name = wanted;
  good_bytes = static_cast<std::uint64_t>(found.st_size);
  is_soiled = false;
  return {};
}

Status AuditLog::File::write_to(const std::string& target, std::string_view text) {
  TRY(open_file(target));
  const fs::path path = options.folder / target;
  if (is_soiled && ::ftruncate(file.get(), static_cast<off_t>(good_bytes)) != 0) {
    return system_error(path, "cannot be cut to its last synced line", errno);
  }
  is_soiled = true;
  if (!write_all(file.get(), text)) return system_error(path, "cannot be written", errno);
  if (::fdatasync(file.get()) != 0) return system_error(path, "cannot be synced", errno);
  is_soiled = false;
  good_bytes += text.size();
  return {};
}

Status AuditLog::File::write_pending() {
  while (!pending.empty()) {
    std::string text;
    std::size_t count = 0;
    while (count < pending.size() && pending[count].name == pending.front().name) text += pending[count++].text;
    if (const Status written = write_to(pending.front().name, text); !written.ok()) {
      // What is half written must not be read as the end by whoever starts next.
      if (is_soiled && ::ftruncate(file.get(), static_cast<off_t>(good_bytes)) == 0) is_soiled = false;
      return written;
    }
    status.last_hash = pending[count - 1].hash;
    status.line_count += count;
    pending_bytes -= text.size();
    pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return {};
}

AuditLog::AuditLog(std::unique_ptr<File> file) : m_file(std::move(file)) {}
AuditLog::AuditLog(AuditLog&&) noexcept = default;
AuditLog& AuditLog::operator=(AuditLog&&) noexcept = default;
AuditLog::~AuditLog() {
  if (m_file) static_cast<void>(commit());  // told in the status and the log
}

Result<AuditLog> AuditLog::open(const AuditOptions& options, UtcTime now) {
  auto file = std::make_unique<File>();
  file->options = options;
  TRY(file->lock());
  TRY(file->find_end(now));
  AuditLog log(std::move(file));
  TRY(log.commit());
  return log;
}

void AuditLog::append(const AuditEntry& entry) {
  if (m_file->pending_bytes > m_file->options.pending_bytes_max) {
    ++m_file->status.lost_count;
    ++m_file->lost_unsaid_count;
    m_file->newest_at = std::max(m_file->newest_at, entry.at);
    return;
  }
  m_file->add_line(entry);
}

Status AuditLog::commit() {
  Status written = m_file->write_pending();
  if (written.ok() && m_file->lost_unsaid_count != 0) {
    AuditEntry lost;
    lost.at = m_file->newest_at;
    lost.op = kAuditLost;
    lost.count = std::exchange(m_file->lost_unsaid_count, 0);
    m_file->add_line(lost);
    written = m_file->write_pending();
  }
  const std::string problem = written.ok() ? std::string() : written.error().message;
  if (problem != m_file->status.problem && !problem.empty()) {
    base::log_error("hub", "audit log: {}; its lines wait in memory", problem);
  }
  m_file->status.problem = problem;
  return written;
}

const AuditStatus& AuditLog::status() const {
  return m_file->status;
}

AuditTrail::AuditTrail(AuditLog log, const base::Clock& clock)
    : m_log(std::move(log)), m_clock(clock), m_entries("audit", kTrailEntriesMax, base::WhenFull::DropOldest) {}

Result<std::unique_ptr<AuditTrail>> AuditTrail::start(const AuditOptions& options, const base::Clock& clock) {
  TRY_ASSIGN(AuditLog log, AuditLog::open(options, clock.now_utc()));
  std::unique_ptr<AuditTrail> trail(new AuditTrail(std::move(log), clock));
  trail->m_status.publish(std::make_shared<const AuditStatus>(trail->m_log.status()));
  trail->m_thread = base::Thread("audit", [trail = trail.get()](const std::stop_token& stop) { trail->run(stop); });
  return trail;
}

AuditTrail::~AuditTrail() {
  m_thread.request_stop();
  m_entries.close();
  m_thread.join();
}

void AuditTrail::add(AuditEntry entry) {
  {
    const std::scoped_lock lock(m_mutex);
    ++m_added_count;
  }
  m_entries.send(std::move(entry));
}

void AuditTrail::flush() {
  std::unique_lock lock(m_mutex);
  const std::uint64_t wanted = m_added_count;
  m_written.wait(lock, [&] { return m_done_count >= wanted; });
}

void AuditTrail::run(const std::stop_token& stop) {
  for (;;) {
    std::vector<AuditEntry> batch = m_entries.receive(kTrailBatch, kTrailPatience);
    const bool is_last = stop.stop_requested() && batch.empty();
    write_batch(std::move(batch));
    if (is_last) return;
  }
}

void AuditTrail::write_batch(std::vector<AuditEntry> batch) {
  const std::size_t batch_count = batch.size();
  for (const AuditEntry& entry : batch) m_log.append(entry);
  const std::uint64_t pushed_out_count = m_entries.stats().dropped_count;
  if (pushed_out_count != m_pushed_out_count) {
    AuditEntry lost;
    lost.at = m_clock.now_utc();
    lost.op = kAuditLost;
    lost.count = pushed_out_count - m_pushed_out_count;
    m_log.append(lost);
  }
  static_cast<void>(m_log.commit());  // its problem is in the status, and told by the log
  AuditStatus status = m_log.status();
  status.lost_count += pushed_out_count;
  m_status.publish(std::make_shared<const AuditStatus>(std::move(status)));
  {
    const std::scoped_lock lock(m_mutex);
    m_done_count += batch_count + (pushed_out_count - m_pushed_out_count);
  }
  m_pushed_out_count = pushed_out_count;
  m_written.notify_all();
}

}  // namespace gridwall::hub
