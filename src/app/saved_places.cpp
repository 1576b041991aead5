#include "app/saved_places.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "base/text_file.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

namespace {

std::string file_name(const std::string& name) {
  std::string out = "views-";
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? c : '_';
  return out + ".toml";
}

}  // namespace

base::Result<std::unique_ptr<SavedPlaces>> SavedPlaces::open(const fs::path& folder, const std::string& name,
                                                             const std::string& world_crs) {
  TRY_ASSIGN(auto transform, geo::Transform::create(geo::kLonLatCrs, world_crs));
  std::unique_ptr<SavedPlaces> places(new SavedPlaces(folder / file_name(name), std::move(transform)));
  std::error_code code;
  if (!fs::exists(places->m_file, code)) return places;
  const auto text = base::read_text_file(places->m_file);
  auto views = text.ok() ? model::read_saved_views(*text, places->m_file.string())
                         : base::Result<std::vector<model::SavedView>>(text.error());
  if (views.ok()) {
    places->m_views = std::move(*views);
  } else {
    places->m_is_broken = true;
    base::log_warning("app",
                      "saved views are left out: {}; put it right, or it is kept as {}.broken once a view is saved",
                      views.error().message, places->m_file.filename().string());
  }
  return places;
}

base::Status SavedPlaces::save(std::int64_t number, const Place& place, double shorter_px) {
  const auto lonlat = m_world_from_lonlat.inverse(place.map.center_world);
  if (!lonlat) {
    return base::Error{base::ErrorCode::InvalidArgument, "the middle of the map has no longitude and latitude"};
  }
  const model::SavedView view{number,     *lonlat,        shorter_px / place.map.px_per_m,
                              place.view, place.division, place.indicator};
  std::vector<model::SavedView> views = m_views;
  std::erase_if(views, [&](const model::SavedView& one) { return one.number == number; });
  views.insert(std::ranges::upper_bound(views, number, {}, &model::SavedView::number), view);
  if (m_is_broken) {
    std::error_code code;
    fs::path aside = m_file;
    aside += ".broken";
    fs::rename(m_file, aside, code);
    if (code) {
      return base::Error{base::ErrorCode::Unreadable,
                         fmt::format("{}: is broken and cannot be put aside ({})", m_file.string(), code.message())};
    }
    m_is_broken = false;
  }
  TRY(base::write_text_file(m_file, model::saved_views_text(views)));
  m_views = std::move(views);
  return {};
}

std::optional<SavedPlaces::Place> SavedPlaces::find(std::int64_t number, double shorter_px) const {
  const auto found = std::ranges::find(m_views, number, &model::SavedView::number);
  if (found == m_views.end()) return std::nullopt;
  const auto world = m_world_from_lonlat.forward(found->center_lonlat);
  if (!world) return std::nullopt;
  return Place{{*world, shorter_px / found->metres_across}, found->view, found->division, found->indicator};
}

}  // namespace gridwall::app
