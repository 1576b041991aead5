// CAP 1.2: every <alert> in the text, alone or inside a feed of them. Paths that begin with "info" go into the info of
// the wanted language, else the first; areas of all its infos in that language are put together. Positions are
// "lat,lon".
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "wire/constants.hpp"
#include "wire/feed_map_facts.hpp"
#include "wire/feed_records.hpp"
#include "wire/xml_document.hpp"

namespace gridwall::wire {

namespace {

bool is_language(std::string_view found, std::string_view wanted) {
  if (found.size() < wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const char c = found[i] >= 'A' && found[i] <= 'Z' ? static_cast<char>(found[i] - 'A' + 'a') : found[i];
    if (c != wanted[i]) return false;
  }
  return found.size() == wanted.size() || found[wanted.size()] == '-' || found[wanted.size()] == '_';
}

std::string language_of(const XmlView& info) {
  std::string language = info.text_of("language");
  return language.empty() ? "en-US" : language;  // the default of the form
}

std::vector<XmlView> choose_infos(const XmlView& alert, std::string_view wanted) {
  const std::vector<XmlView> all = alert.children("info");
  std::vector<XmlView> chosen;
  for (const XmlView& info : all) {
    if (is_language(language_of(info), wanted)) chosen.push_back(info);
  }
  if (!chosen.empty() || all.empty()) return chosen;
  const std::string first = language_of(all.front());
  for (const XmlView& info : all) {
    if (language_of(info) == first) chosen.push_back(info);
  }
  return chosen;
}

// Numbers between commas and white space of any kind; false: something else stands there.
bool read_numbers(std::string_view text, std::vector<double>& numbers) {
  constexpr std::string_view kBetween = ", \t\r\n";
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return true;
    text.remove_prefix(begin);
    const std::size_t size = std::min(text.find_first_of(kBetween), text.size());
    const char* first = text.data() + (text.front() == '+' ? 1 : 0);
    double number = 0;
    const auto [stopped, error] = std::from_chars(first, text.data() + size, number);
    if (error != std::errc() || stopped != text.data() + size || !std::isfinite(number)) return false;
    numbers.push_back(number + 0.0);  // no negative zero
    text.remove_prefix(size);
  }
}

bool is_on_earth(double lat, double lon) {
  return std::abs(lat) <= 90 && std::abs(lon) <= 180;
}

bool read_polygon(std::string_view text, std::vector<base::Vec2d>& ring) {
  std::vector<double> numbers;
  if (!read_numbers(text, numbers) || numbers.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    if (!is_on_earth(numbers[i], numbers[i + 1])) return false;
    ring.push_back({numbers[i + 1], numbers[i]});
  }
  if (ring.size() >= 3 && !(ring.front() == ring.back())) ring.push_back(ring.front());
  return ring.size() >= 4;
}

bool read_circle(std::string_view text, model::AlertArea::Circle& circle) {
  std::vector<double> numbers;
  if (!read_numbers(text, numbers) || numbers.size() != 3) return false;
  if (!is_on_earth(numbers[0], numbers[1]) || numbers[2] < 0 || numbers[2] > kAlertRadiusKmMax) return false;
  circle = {{numbers[1], numbers[0]}, numbers[2]};
  return true;
}

class AreaReader {
 public:
  AreaReader(const FeedMap& map, FeedDoubts& doubts) : m_map(map), m_doubts(doubts) {}

  void read(const XmlView& area) {
    for (const XmlView& polygon : area.children("polygon")) add_polygon(polygon.text());
    for (const XmlView& view : area.children("circle")) {
      model::AlertArea::Circle circle;
      const bool good = m_area.circles.size() < kAlertCirclesMax && read_circle(view.text(), circle);
      good ? m_area.circles.push_back(circle) : m_doubts.add(FeedDoubt::UnreadableArea);
    }
    for (const XmlView& geocode : area.children("geocode")) {
      const std::string name = geocode.text_of("valueName");
      const auto& wanted = m_map.geocodes;
      if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) add_code(geocode.text_of("value"));
    }
  }
  model::AlertArea take() { return std::move(m_area); }

 private:
  void add_polygon(const std::string& text) {
    std::vector<base::Vec2d> ring;
    const bool good = m_area.polygons_lonlat.size() < kAlertPolygonsMax && read_polygon(text, ring) &&
                      m_point_count + ring.size() <= kAlertPointsMax;
    if (!good) return m_doubts.add(FeedDoubt::UnreadableArea);
    m_point_count += ring.size();
    m_area.polygons_lonlat.push_back(std::move(ring));
  }
  void add_code(std::string code) {
    auto& codes = m_area.codes;
    code = clean_text(code, kCodeBytesMax, false, m_doubts);
    if (code.empty() || std::find(codes.begin(), codes.end(), code) != codes.end()) return;
    const bool good = codes.size() < kAlertCodesMax;
    good ? codes.push_back(std::move(code)) : m_doubts.add(FeedDoubt::UnreadableArea);
  }

  const FeedMap& m_map;
  FeedDoubts& m_doubts;
  model::AlertArea m_area;
  std::size_t m_point_count = 0;
};

std::string text_at(const XmlView& alert, const std::vector<XmlView>& infos, std::string_view path) {
  constexpr std::string_view kInfo = "info.";
  if (!path.starts_with(kInfo)) return alert.text_of(path);
  return infos.empty() ? std::string() : infos.front().text_of(path.substr(kInfo.size()));
}

}  // namespace

base::Result<FeedRecords> read_cap_records(const FeedMap& map, std::string_view text, std::string_view language) {
  TRY_ASSIGN(const XmlDocument document, XmlDocument::parse(text));
  FeedRecords out;
  out.number_word = "line";
  const std::vector<XmlView> alerts = document.all("alert");
  if (alerts.empty()) {
    return base::Error{base::ErrorCode::Malformed,
                       fmt::format("line 1: no <alert> in <{}>; expected CAP 1.2", document.root().name())};
  }
  for (const XmlView& alert : alerts) {
    FeedRecord record;
    record.number = alert.line();
    const std::vector<XmlView> infos = choose_infos(alert, language);
    for (const FeedField& field : map.fields) {
      std::string value;
      for (std::size_t i = 0; i < field.from.size() && value.empty(); ++i) {
        value = text_at(alert, infos, field.from[i]);
      }
      record.values.push_back(std::move(value));
    }
    AreaReader areas(map, out.doubts);
    for (const XmlView& info : infos) {
      for (const XmlView& area : info.children("area")) areas.read(area);
    }
    record.area = areas.take();
    for (const std::string_view name : alert.child_names()) note_member(map, name, out);
    out.records.push_back(std::move(record));
  }
  return out;
}

}  // namespace gridwall::wire
