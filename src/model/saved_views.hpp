// SavedView: a place on the map that somebody keeps under a number, in a file of one's own: where its middle lies, how
// much of the ground is shown, and what is on the screen with it. It holds for any screen size and any layers of the
// place. Test: tests/unit/model/saved_views_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "model/view.hpp"

namespace gridwall::model {

inline constexpr std::int64_t kSavedViewsMax = 999;  // numbers from 1 on

struct SavedView {
  std::int64_t number = 1;
  base::Vec2d center_lonlat;  // degrees, WGS 84
  double metres_across = 0;   // projected, over the map's shorter side
  std::string view;           // id of one of the profile's views; empty: as it is
  std::string division;       // code of the selected one; empty: none
  Indicator indicator = Indicator::OpenCount;
  bool operator==(const SavedView&) const = default;
};

// Sorted by number. Errors name file, line, key and what was expected; two of one number are one too.
base::Result<std::vector<SavedView>> read_saved_views(std::string_view text, const std::string& file);

// The text that gives the same again.
std::string saved_views_text(const std::vector<SavedView>& views);

}  // namespace gridwall::model
