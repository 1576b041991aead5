// TreeCache: division trees as they were loaded, kept in the user's cache folder, so that a second start maps a file
// and has its tree. A file is used when the sources' names, sizes and times, what was asked of them, this program and
// its libraries are those it was made of. Behind the picture the bytes of the sources are hashed and compared: a source
// that was replaced by one of the same size and time is told in the log, and its file removed.
// Invariant: what comes from the cache is the tree and the summary that loading gave, bit for bit; a file that is
// damaged, foreign or of another version is told in the log and made anew. Files are written aside and renamed: a
// program that is killed leaves no half file, and several at once do not disturb each other.
// Test: tests/unit/app/tree_cache_test.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/thread.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

// What loading says besides the tree, as far as a wall tells it.
struct LoadSummary {
  std::vector<std::string> warnings;
  std::uint64_t duplicate_count = 0, cycle_count = 0, orphan_count = 0, repair_count = 0;
  bool operator==(const LoadSummary&) const = default;
};

struct CachedLoad {
  std::shared_ptr<const model::DivisionTree> tree;
  LoadSummary summary;
  bool from_cache = false;
  // Writes the file after loading, or compares the sources' bytes; its end is waited for. Null: nothing to do.
  std::shared_ptr<base::Thread> work;
};

// Sources below so many bytes are as quickly loaded.
inline constexpr std::uintmax_t kCachedSourceBytesMin = 4u << 20;

class TreeCache {
 public:
  explicit TreeCache(std::filesystem::path folder, std::uintmax_t source_bytes_min = kCachedSourceBytesMin)
      : m_folder(std::move(folder)), m_source_bytes_min(source_bytes_min) {}

  // As geo::load_division_tree, whose errors are passed on; the cache itself never fails, it only tells.
  [[nodiscard]] base::Result<CachedLoad> load(const geo::LayerRequest& request,
                                              const geo::ProgressCallback& progress = {}) const;

  // A file for it is there; whether it is whole, `load` sees.
  [[nodiscard]] bool keeps(const geo::LayerRequest& request) const;

  // Removes every tree. How many there were.
  [[nodiscard]] std::size_t clear() const;

 private:
  std::filesystem::path m_folder;
  std::uintmax_t m_source_bytes_min;
};

}  // namespace gridwall::app
