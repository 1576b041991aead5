// DeclaredSystems: the coordinate systems that publishers state in `crs`, as transforms to longitude and latitude.
// Publishers are strangers: only systems by number, the shifted map systems, and PROJ strings made of harmless parts
// are taken, so none names a file, and opening systems (some 40 ms each) is rationed. What it keeps is bounded. One
// thread (PROJ). Test: tests/unit/hub/declared_systems_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "geo/transform.hpp"
#include "hub/rate_limiter.hpp"

namespace gridwall::hub {

// Whether a publisher may say so: EPSG:n and its URN and address, CRS84, GCJ-02, BD-09, or a PROJ string (also a
// pipeline) of listed operations and parameters. The sentence of a refusal never repeats what was sent.
base::Status check_declared_system(const std::string& crs);

class DeclaredSystems {
 public:
  DeclaredSystems();

  // Valid until the next call. Errors: Unsupported, with a sentence for the publisher; Unavailable, too many new
  // systems at once, which may go well a little later.
  base::Result<const geo::Transform*> lonlat_from(const std::string& crs, base::MonoTime now);

  [[nodiscard]] std::size_t remembered_count() const { return m_known.size() + m_useless.size(); }

 private:
  struct Known {
    geo::Transform transform;
    std::uint64_t used_at = 0;  // count of calls
  };
  void make_room();

  std::unordered_map<std::string, Known> m_known;
  std::unordered_map<std::string, base::Error> m_useless;  // so that a retry costs nothing
  std::uint64_t m_call_count = 0;
  RateLimiter m_openings;
};

}  // namespace gridwall::hub
