#include "geo/wkb_reader.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace gridwall::geo {

using base::Vec2d;

namespace {

constexpr int kDepthMax = 32;  // collections in collections; GDAL stops at the same depth
constexpr std::size_t kHeaderBytes = 5, kCountBytes = 4;

enum WkbType : std::uint32_t {
  kPoint = 1,
  kLineString = 2,
  kPolygon = 3,
  kMultiPoint = 4,
  kMultiLineString = 5,
  kMultiPolygon = 6,
  kCollection = 7,
  kCircularString = 8,
  kSurface = 14,  // 8 to 14 are curves and what may hold them
  kPolyhedralSurface = 15,
  kTin = 16,
  kTriangle = 17,
};

bool is_usable(Vec2d p) {
  return std::abs(p.x) <= kCoordinateMax && std::abs(p.y) <= kCoordinateMax;  // false for NaN
}

class Parser {
 public:
  Parser(std::span<const std::uint8_t> wkb, RawLayer& out, GeometryLosses& losses, double step)
      : m_at(wkb.data()), m_end(wkb.data() + wkb.size()), m_out(out), m_losses(losses), m_step(step) {}

  WkbVerdict geometry(int depth);

 private:
  struct Header {
    std::uint32_t type = 0;
    std::size_t point_bytes = 0;
    bool swapped = false;
  };

  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(m_end - m_at); }
  bool header(Header& header);
  bool count(bool swapped, std::size_t item_bytes_min, std::uint32_t& value);
  WkbVerdict polygon(const Header& header);
  WkbVerdict ring(const Header& header, bool is_hole, bool wanted, bool& taken);
  void take_points(const Header& header, std::size_t point_count);
  void take_on_grid(const Header& header, std::size_t point_count);

  const std::uint8_t* m_at;
  const std::uint8_t* m_end;
  RawLayer& m_out;
  GeometryLosses& m_losses;
  double m_step;  // of the grid; 0: none
};

std::uint32_t load_u32(const std::uint8_t* at, bool swapped) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return swapped ? __builtin_bswap32(value) : value;
}

double load_double(const std::uint8_t* at, bool swapped) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return std::bit_cast<double>(swapped ? __builtin_bswap64(bits) : bits);
}

bool Parser::header(Header& header) {
  if (left() < kHeaderBytes || m_at[0] > 1) return false;
  header.swapped = (m_at[0] == 1) != (std::endian::native == std::endian::little);
  const std::uint32_t word = load_u32(m_at + 1, header.swapped);
  m_at += kHeaderBytes;
  constexpr std::uint32_t kHasZ = 0x80000000, kHasM = 0x40000000, kHasSrid = 0x20000000;
  const std::uint32_t plain = word & 0x0FFFFFFF, thousands = plain / 1000;
  if (thousands > 3) return false;
  header.type = plain % 1000;
  const bool has_z = (word & kHasZ) != 0 || thousands == 1 || thousands == 3;
  const bool has_m = (word & kHasM) != 0 || thousands == 2 || thousands == 3;
  header.point_bytes = sizeof(double) * (2u + has_z + has_m);
  if ((word & kHasSrid) != 0) {
    if (left() < sizeof(std::uint32_t)) return false;
    m_at += sizeof(std::uint32_t);
  }
  return true;
}

bool Parser::count(bool swapped, std::size_t item_bytes_min, std::uint32_t& value) {
  if (left() < kCountBytes) return false;
  value = load_u32(m_at, swapped);
  m_at += kCountBytes;
  return value <= left() / item_bytes_min;
}

void Parser::take_points(const Header& header, std::size_t point_count) {
  std::vector<Vec2d>& points = m_out.points;
  const std::size_t begin = points.size();
  points.resize(begin + point_count);
  if (!header.swapped && header.point_bytes == sizeof(Vec2d)) {
    if (point_count > 0) std::memcpy(points.data() + begin, m_at, point_count * sizeof(Vec2d));
  } else {
    for (std::size_t i = 0; i < point_count; ++i) {
      const std::uint8_t* at = m_at + i * header.point_bytes;
      points[begin + i] = {load_double(at, header.swapped), load_double(at + sizeof(double), header.swapped)};
    }
  }
  const auto first = points.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto bad = std::remove_if(first, points.end(), [](Vec2d p) { return !is_usable(p); });
  m_losses.point_count += static_cast<std::uint64_t>(points.end() - bad);
  points.erase(bad, points.end());
}

// To the nearest whole number, for numbers that have fractions at all: the sum has no bits left for them.
double rounded(double v) {
  constexpr double kNoFractions = 6755399441055744;  // 1.5 * 2^52
  return (v + kNoFractions) - kNoFractions;
}

void Parser::take_on_grid(const Header& header, std::size_t point_count) {
  std::vector<Vec2d>& points = m_out.points;
  const std::size_t begin = points.size();
  const double per_unit = 1 / m_step;
  for (std::size_t i = 0; i < point_count; ++i) {
    const std::uint8_t* at = m_at + i * header.point_bytes;
    const Vec2d p{load_double(at, header.swapped), load_double(at + sizeof(double), header.swapped)};
    if (!is_usable(p)) {
      ++m_losses.point_count;
      continue;
    }
    const Vec2d on_grid{rounded(p.x * per_unit) * m_step, rounded(p.y * per_unit) * m_step};
    if (points.size() == begin || points.back() != on_grid) points.push_back(on_grid);
  }
}

// Reads over an unwanted one: what stands behind it may be wanted.
WkbVerdict Parser::ring(const Header& header, bool is_hole, bool wanted, bool& taken) {
  std::uint32_t point_count = 0;
  taken = false;
  if (!count(header.swapped, header.point_bytes, point_count)) return WkbVerdict::Broken;
  const std::size_t bytes = point_count * header.point_bytes;
  const std::size_t begin = m_out.points.size();
  if (wanted) {
    if (begin + point_count > kPointsMax || m_out.rings.size() >= kPointsMax) return WkbVerdict::TooMany;
    m_step > 0 ? take_on_grid(header, point_count) : take_points(header, point_count);
    if (m_out.points.size() > begin + 1 && m_out.points.back() == m_out.points[begin]) m_out.points.pop_back();
    constexpr std::size_t kPointsMin = 3;
    taken = m_out.points.size() - begin >= kPointsMin;
    if (taken) {
      m_out.rings.push_back(
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(m_out.points.size()), is_hole});
    } else {
      m_out.points.resize(begin);
      m_losses.ring_count += m_step > 0 ? 0 : 1;
    }
  }
  m_at += bytes;
  return WkbVerdict::Read;
}

WkbVerdict Parser::polygon(const Header& header) {
  std::uint32_t ring_count = 0;
  if (!count(header.swapped, kCountBytes, ring_count)) return WkbVerdict::Broken;
  bool has_shell = false;
  for (std::uint32_t r = 0; r < ring_count; ++r) {
    bool taken = false;
    const WkbVerdict verdict = ring(header, r > 0, r == 0 || has_shell, taken);
    if (verdict != WkbVerdict::Read) return verdict;
    if (r == 0) has_shell = taken;
  }
  m_out.polygon_count += has_shell;
  return WkbVerdict::Read;
}

WkbVerdict Parser::geometry(int depth) {
  Header head;
  if (depth > kDepthMax || !header(head)) return WkbVerdict::Broken;
  std::uint32_t item_count = 0;
  switch (head.type) {
    case kPoint:
      if (left() < head.point_bytes) return WkbVerdict::Broken;
      m_at += head.point_bytes;
      return WkbVerdict::Read;
    case kLineString:
      if (!count(head.swapped, head.point_bytes, item_count)) return WkbVerdict::Broken;
      m_at += item_count * head.point_bytes;
      return WkbVerdict::Read;
    case kPolygon:
    case kTriangle:
      return polygon(head);
    case kMultiPoint:
    case kMultiLineString:
    case kMultiPolygon:
    case kCollection:
    case kPolyhedralSurface:
    case kTin:
      if (!count(head.swapped, kHeaderBytes, item_count)) return WkbVerdict::Broken;
      for (std::uint32_t i = 0; i < item_count; ++i) {
        const WkbVerdict verdict = geometry(depth + 1);
        if (verdict != WkbVerdict::Read) return verdict;
      }
      return WkbVerdict::Read;
    default:
      return head.type >= kCircularString && head.type <= kSurface ? WkbVerdict::Curved : WkbVerdict::Broken;
  }
}

}  // namespace

WkbVerdict read_wkb_polygons(std::span<const std::uint8_t> wkb, RawLayer& out, GeometryLosses& losses, double step) {
  const std::size_t point_count = out.points.size(), ring_count = out.rings.size();
  const std::uint64_t polygon_count = out.polygon_count;
  const GeometryLosses before = losses;
  const WkbVerdict verdict = Parser(wkb, out, losses, step).geometry(0);
  if (verdict != WkbVerdict::Read) {
    out.points.resize(point_count);
    out.rings.resize(ring_count);
    out.polygon_count = polygon_count;
    losses = before;
  }
  return verdict;
}

}  // namespace gridwall::geo
