// AuditLog: who asked what of the hub and what came of it, in a folder of append-only files, one a day, hash-chained
// (hub/audit_chain.hpp). append() keeps lines in memory, commit() writes and syncs them; while the disk is full they
// wait, up to a bound, then they are counted and a line tells how many were lost. What a crash left unfinished at the
// end is moved aside and told, and the chain goes on.
// Plain: one thread. AuditTrail puts it on a thread of its own. Test: tests/unit/hub/audit_log_test.cpp.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bounded_channel.hpp"
#include "base/latest_slot.hpp"
#include "base/result.hpp"
#include "base/thread.hpp"
#include "base/time_zone.hpp"
#include "hub/audit_chain.hpp"

namespace gridwall::hub {

struct AuditOptions {
  std::filesystem::path folder;              // made with mode 0700 when it is not there
  base::TimeZone zone;                       // whose days the files are; default UTC
  std::size_t pending_bytes_max = 4U << 20;  // of lines that cannot be written now
};

struct AuditStatus {
  std::uint64_t line_count = 0;  // on disk, of this run
  std::uint64_t lost_count = 0;
  std::string last_hash;  // on disk: note it elsewhere to be able to show that nothing was cut off
  std::string problem;    // why lines cannot be written at present; empty: they can
  std::string told;       // what was found at the opening; empty: nothing to tell
};

class AuditLog {
 public:
  // Goes on where the folder's newest file ends. Errors: another hub has it, it cannot be written, its newest file ends
  // in something that is no audit log.
  static base::Result<AuditLog> open(const AuditOptions& options, base::UtcTime now);
  AuditLog(AuditLog&&) noexcept;
  AuditLog& operator=(AuditLog&&) noexcept;
  ~AuditLog();  // commits

  void append(const AuditEntry& entry);
  // Writes and syncs what was appended. Error: nothing of it is in the file, it is kept for the next time.
  base::Status commit();
  [[nodiscard]] const AuditStatus& status() const;

 private:
  struct File;
  explicit AuditLog(std::unique_ptr<File> file);
  std::unique_ptr<File> m_file;
};

// AuditLog on a thread of its own: whoever adds never waits for a disk.
class AuditTrail {
 public:
  static base::Result<std::unique_ptr<AuditTrail>> start(const AuditOptions& options, const base::Clock& clock);
  ~AuditTrail();  // writes what was added

  // Any thread; the newest entries push the oldest waiting ones out when the disk cannot follow; that is counted in a
  // line of the log.
  void add(AuditEntry entry);
  // Returns when everything added before is on disk, or cannot be written. For tests and the end of a hub.
  void flush();
  [[nodiscard]] std::shared_ptr<const AuditStatus> status() const { return m_status.take(); }

 private:
  AuditTrail(AuditLog log, const base::Clock& clock);
  void run(const std::stop_token& stop);
  void write_batch(std::vector<AuditEntry> batch);

  AuditLog m_log;
  const base::Clock& m_clock;
  base::BoundedChannel<AuditEntry> m_entries;
  std::uint64_t m_pushed_out_count = 0;
  base::LatestSlot<AuditStatus> m_status;
  std::mutex m_mutex;
  std::condition_variable m_written;
  std::uint64_t m_added_count = 0, m_done_count = 0;
  base::Thread m_thread;  // last: it uses all above
};

}  // namespace gridwall::hub
