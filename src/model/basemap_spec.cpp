#include "model/basemap_spec.hpp"

#include "model/config_table.hpp"

namespace gridwall::model {

base::Result<BasemapSpec> read_basemap(const ConfigTable& table) {
  TRY(table.expect_only(
      {"source", "crs", "opacity", "brightness", "saturation", "fill_opacity", "credit_zh", "credit_en"}));
  BasemapSpec spec;
  TRY_ASSIGN(spec.source, table.text("source"));
  TRY_ASSIGN(spec.crs, table.text_or("crs", ""));
  const auto read = [&](std::string_view key, float& value, double max) -> base::Status {
    TRY_ASSIGN(const double number, table.number_or(key, static_cast<double>(value), 0, max));
    value = static_cast<float>(number);
    return {};
  };
  TRY(read("opacity", spec.style.opacity, 1));
  TRY(read("brightness", spec.style.brightness, 2));
  TRY(read("saturation", spec.style.saturation, 2));
  TRY_ASSIGN(spec.fill_opacity, table.number_or("fill_opacity", spec.fill_opacity, 0, 1));
  TRY_ASSIGN(spec.credit_zh, table.text_or("credit_zh", ""));
  TRY_ASSIGN(spec.credit_en, table.text_or("credit_en", ""));
  return spec;
}

}  // namespace gridwall::model
