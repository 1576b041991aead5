// Files that hold keys or say who may do what: made for their owner alone, never overwritten unless asked, written
// whole and synced before they have their name. POSIX only. Errors name the file and what to do.
// Test: tests/unit/feed/curve_keys_test.cpp.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace gridwall::feed {

// Mode 0600 (owner alone) or 0644.
enum class Readers { Owner, Everybody };

// A file that is there already is an error and stays as it is.
base::Status create_file(const std::filesystem::path& file, std::string_view text, Readers readers);
// Through a file beside it, with the mode of the old one: readers see the old text or the new.
base::Status replace_file(const std::filesystem::path& file, std::string_view text);

// Error when group or others may read or write it.
base::Status check_owner_only(const std::filesystem::path& file);
// Error when everybody may write it.
base::Status check_not_writable_by_all(const std::filesystem::path& file);

// Holds an exclusive lock on a folder as long as it lives; waits for whoever has it.
class FolderLock {
 public:
  static base::Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : m_descriptor(descriptor) {}
  int m_descriptor = -1;
};

}  // namespace gridwall::feed
