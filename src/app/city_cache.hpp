// The generated city of a profile, kept in the cache folder and made on first use. The file's name holds a hash of all
// that goes into it, so a changed profile, outline or generator never meets an old city.
// Test: tests/unit/app/city_cache_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "geo/city_generator.hpp"
#include "geo/progress.hpp"
#include "model/profile.hpp"

namespace gridwall::app {

// What `gridwall city` and the cache ask for: the outline and names under root/assets/districts.
geo::CityRequest city_request(const std::filesystem::path& root, const model::Profile& profile, std::uint64_t seed);

// The GeoPackage of the profile's city. Takes seconds the first time, then nothing. Any thread, and several programs
// at once: each writes a file of its own and renames it, and all come to the same content.
base::Result<std::filesystem::path> ensure_city(const std::filesystem::path& root, const model::Profile& profile,
                                                const geo::ProgressCallback& progress);

}  // namespace gridwall::app
