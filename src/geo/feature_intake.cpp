#include "geo/feature_intake.hpp"

#include <fmt/format.h>
#include <ogr_api.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Widely used outlines have the parent as an object, {"adcode":320200}: its number is meant.
std::string plain_parent(std::string text) {
  const auto key = text.find("\"adcode\"");
  if (!text.starts_with("{") || key == std::string::npos) return text;
  const auto begin = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(key), text.end(), is_digit);
  return std::string(begin, std::find_if_not(begin, text.end(), is_digit));
}

// Tables that went through a column of numbers have "320281.0"; no code scheme has such an ending.
std::string plain_code(std::string text) {
  constexpr std::string_view kEnding = ".0";
  constexpr std::size_t kDigitsMin = 6;
  if (!text.ends_with(kEnding) || text.size() < kDigitsMin + kEnding.size()) return text;
  const std::string digits = text.substr(0, text.size() - kEnding.size());
  return std::all_of(digits.begin(), digits.end(), is_digit) ? digits : text;
}

}  // namespace

std::string number_text(double value) {
  constexpr double kWholeMax = 1e15;  // beyond it neighbouring whole numbers are not told apart
  if (!std::isfinite(value)) return {};
  if (std::abs(value) < kWholeMax && value == std::trunc(value)) return number_text(static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

std::string number_text(std::int64_t value) {
  return fmt::format("{}", value);
}

void FeatureIntake::expect(std::uint64_t feature_count, std::uint64_t point_count_max) {
  m_expected_features = feature_count;
  m_expected_points_max = std::min(point_count_max, kPointsMax);
}

// By what the first features have.
void FeatureIntake::reserve() {
  const std::uint64_t done = m_out.features.size();
  const auto of_all = [&](std::size_t so_far) {
    constexpr double kMargin = 1.05;
    return static_cast<double>(so_far) / static_cast<double>(done) * static_cast<double>(m_expected_features) * kMargin;
  };
  const auto bound = static_cast<double>(m_expected_points_max);
  m_out.points.reserve(static_cast<std::size_t>(std::min(of_all(m_out.points.size()), bound)));
  m_out.rings.reserve(static_cast<std::size_t>(std::min(of_all(m_out.rings.size()), bound / 3)));
  m_out.features.reserve(static_cast<std::size_t>(std::min(of_all(done), bound / 3)));
}

void FeatureIntake::begin(std::int64_t fid) {
  m_feature = {};
  m_feature.fid = fid;
  m_feature.ring_begin = static_cast<std::uint32_t>(m_out.rings.size());
  m_losses = {};
  m_unreadable = false;
}

void FeatureIntake::level(std::string_view text) {
  text = without_blanks(text);
  int number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{}) m_feature.level = number;
}

void FeatureIntake::area(std::string_view text) {
  text = without_blanks(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number) || number < 0) return;
  m_feature.stated_area_m2 = number * m_mapping.area_unit_m2;
}

void FeatureIntake::note(const std::string& text) {
  m_feature.note += (m_feature.note.empty() ? "" : "; ") + text;
}

WkbVerdict FeatureIntake::linear_geometry(std::span<const std::uint8_t> wkb) {
  OGRGeometryH curved = nullptr;
  const bool made = OGR_G_CreateFromWkbEx(wkb.data(), nullptr, &curved, wkb.size()) == OGRERR_NONE;
  OGRGeometryH linear = made && curved != nullptr ? OGR_G_GetLinearGeometry(curved, 0, nullptr) : nullptr;
  WkbVerdict verdict = WkbVerdict::Broken;
  if (linear != nullptr) {
    if (OGR_G_HasCurveGeometry(curved, 1) != 0) note("curves made linear");
    m_buffer.resize(OGR_G_WkbSizeEx(linear));
    if (OGR_G_ExportToIsoWkb(linear, wkbNDR, m_buffer.data()) == OGRERR_NONE) {
      verdict = read_wkb_polygons(m_buffer, m_out, m_losses, m_step);
    }
  }
  OGR_G_DestroyGeometry(linear);
  OGR_G_DestroyGeometry(curved);
  return verdict;
}

void FeatureIntake::geometry(std::span<const std::uint8_t> wkb) {
  WkbVerdict verdict = read_wkb_polygons(wkb, m_out, m_losses, m_step);
  if (verdict == WkbVerdict::Curved) verdict = linear_geometry(wkb);
  if (verdict == WkbVerdict::Read) return;
  m_too_many |= verdict == WkbVerdict::TooMany;
  if (verdict != WkbVerdict::TooMany) unreadable("its bytes are no well-formed geometry");
}

void FeatureIntake::unreadable(const std::string& reason) {
  note("its geometry cannot be read: " + reason);
  ++m_unreadable_count;
  m_unreadable = true;
}

Status FeatureIntake::end() {
  if (m_too_many || m_point_count + m_out.points.size() > kPointsMax) {
    return Error{ErrorCode::Unsupported, fmt::format("has more than {} million points, the bound of one source; name "
                                                     "fewer layers or filter it with --where",
                                                     kPointsMax / 1'000'000)};
  }
  if (m_feature_count + m_out.features.size() >= kFeaturesMax) {
    return Error{ErrorCode::Unsupported, fmt::format("has more than {} million features, the bound of one source; name "
                                                     "fewer layers or filter it with --where",
                                                     kFeaturesMax / 1'000'000)};
  }
  if (m_losses.point_count > 0) {
    note(fmt::format("{} points left out whose coordinates are no numbers or beyond {:g}", m_losses.point_count,
                     kCoordinateMax));
  }
  if (m_losses.ring_count > 0) note(fmt::format("{} rings of fewer than three points left out", m_losses.ring_count));
  m_feature.ring_end = static_cast<std::uint32_t>(m_out.rings.size());
  m_out.without_polygon_count += m_feature.ring_begin == m_feature.ring_end;
  m_out.features.push_back(std::move(m_feature));
  constexpr std::size_t kSample = 1000;
  if (m_out.features.size() == kSample && m_expected_features > kSample) reserve();
  return {};
}

void finish_text(RawLayer& layer, const StatedEncoding& stated, bool raw_text) {
  TextEvidence seen;
  for (const RawFeature& feature : layer.features) {
    for (const std::string* text : {&feature.code, &feature.name, &feature.parent_code, &feature.kind}) seen.add(*text);
  }
  StatedEncoding believed = stated;
  // Formats with an encoding of their own are right unless the bytes say otherwise; so is a caller only for raw bytes.
  if (!raw_text && stated.by == StatedBy::Caller && seen.utf8_count == seen.text_count) {
    believed = {find_encoding("UTF-8"), StatedBy::Format, {}};
  }
  if (believed.by == StatedBy::Format) believed.how = "the format";
  const ChosenEncoding chosen = choose_encoding(believed, seen);
  layer.encoding = chosen.told;
  TextDecoder decoder(chosen.encoding);
  std::uint64_t broken_count = 0, text_count = 0;
  for (RawFeature& feature : layer.features) {
    const std::uint64_t before = broken_count;
    for (std::string* text : {&feature.code, &feature.name, &feature.parent_code, &feature.kind}) {
      decoder.decode_in_place(*text, &broken_count);
    }
    feature.code = plain_code(std::move(feature.code));
    feature.parent_code = plain_code(plain_parent(std::move(feature.parent_code)));
    text_count += broken_count > before;
  }
  if (chosen.doubted) layer.notes.push_back(fmt::format("text read as {}", chosen.told));
  if (broken_count > 0) {
    layer.notes.push_back(
        fmt::format("{} features have text with bytes that are no {} ({} in all; shown as \xEF\xBF\xBD)", text_count,
                    chosen.encoding.shown, broken_count));
  }
}

}  // namespace gridwall::geo
