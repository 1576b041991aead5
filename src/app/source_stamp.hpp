// What layer files are, told quickly by their names, sizes and times, and surely by the hash of their bytes; for the
// cache of trees. Test: tests/unit/app/tree_cache_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gridwall::app {

// Every file that the sources consist of: each named one and those beside it with the same stem (.dbf, .prj, -wal), all
// of a folder. Sorted. nullopt: something is no file on this machine (a service, an archive's inside), or is gone.
std::optional<std::vector<std::filesystem::path>> files_of_sources(const std::vector<std::string>& sources);

// Of all of them. nullopt: one cannot be looked at.
std::optional<std::uintmax_t> bytes_of(const std::vector<std::filesystem::path>& files);

// A line a file: its path, size and time of change in nanoseconds. nullopt: one cannot be looked at.
std::optional<std::string> stamp_of(const std::vector<std::filesystem::path>& files);

// Of all bytes, in the files' order. nullopt: one cannot be read, or stopped.
std::optional<std::uint64_t> content_hash_of(const std::vector<std::filesystem::path>& files,
                                             const std::stop_token& stop);

}  // namespace gridwall::app
