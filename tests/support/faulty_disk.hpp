// FaultyDisk: a disk that fails when a test says so, below SQLite (a VFS over the ordinary one): writes and syncs that
// fail, a disk that is full, a process that dies in the middle of a write, a machine that loses its power and with it
// any write that was never synced. Nothing is really synced, so it is fast. For files below one folder; the VFS itself
// stays for all of the process, because others (PROJ) hold files open through it. One disk at a time, one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace gridwall::test {

class FaultyDisk {
 public:
  FaultyDisk(const std::filesystem::path& folder, base::Random& random);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  enum class Fault : std::uint8_t { None, Full, WriteFails, SyncFails, ReadFails };
  void set_fault(Fault fault) { m_fault = fault; }
  [[nodiscard]] Fault fault() const { return m_fault; }

  // After so many more writes and syncs the process is dead: the last one is done by half, and nothing after it.
  void die_after(std::uint64_t operations) { m_operations_left = operations; }
  // Now. What a dying object still does to its files is not done.
  void die() { m_dead = true; }
  [[nodiscard]] bool dead() const { return m_dead; }
  // Beside the process the machine went down: of what was not synced, a part is lost. Files must be closed.
  void lose_power();
  // A new process, on a disk that is as it was.
  void revive();

  [[nodiscard]] std::uint64_t sync_count() const { return m_sync_count; }

  // What the VFS asks and tells.
  [[nodiscard]] bool holds(const char* path) const;
  bool count_operation();  // false: this one is the last, done by half
  void note_write(const std::string& path, std::int64_t offset, std::string old_bytes, std::int64_t old_size);
  void note_sync(const std::string& path);
  void note_delete(const std::string& path);

 private:
  struct Unsynced {
    std::int64_t offset = 0, old_size = 0;
    std::string old_bytes;
  };
  std::string m_folder;
  base::Random& m_random;
  Fault m_fault = Fault::None;
  bool m_dead = false;
  std::uint64_t m_operations_left = 0;  // 0: for ever
  std::uint64_t m_sync_count = 0;
  std::map<std::string, std::vector<Unsynced>> m_unsynced;  // by path
};

}  // namespace gridwall::test
