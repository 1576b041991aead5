// PointExport: rows with a place on earth as a GeoPackage that any GIS opens: one layer in EPSG:4326, its description
// and metadata say where the rows come from. Written beside the target and renamed over nothing: an existing file is
// refused. One thread. Test: tests/unit/geo/point_export_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"

namespace gridwall::geo {

enum class PointColumnKind : std::uint8_t { Integer, Text, Time };
struct PointColumn {
  std::string name;
  PointColumnKind kind = PointColumnKind::Text;
};
// Nothing: the field is null. A time is RFC 3339 text.
using PointValue = std::variant<std::monostate, std::int64_t, std::string>;

struct PointTable {
  std::string name, description;
  std::vector<PointColumn> columns;
  std::vector<std::pair<std::string, std::string>> metadata;
};

class PointExport {
 public:
  static base::Result<PointExport> create(const std::filesystem::path& gpkg, const PointTable& table);
  ~PointExport();  // without finish(): nothing is left behind
  PointExport(PointExport&&) noexcept;
  PointExport& operator=(PointExport&&) = delete;

  // One value a column. Without a place the row has no geometry.
  base::Status add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values);
  base::Status finish();

 private:
  struct Target;
  explicit PointExport(std::unique_ptr<Target> target);
  std::unique_ptr<Target> m_target;
};

}  // namespace gridwall::geo
