#include "model/tree_codec.hpp"

#include <bit>
#include <cmath>
#include <vector>

#include "base/hash.hpp"
#include "base/varint.hpp"

namespace gridwall::model {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::string_view kMagic = "GWTR";
constexpr std::size_t kSealBytes = 8;
constexpr std::size_t kTextBytesMax = 4096;
constexpr std::size_t kPathBytesSumMax = std::size_t{256} << 20;
constexpr std::size_t kLevelNamesMax = 256;
// What an entry takes at least: a count that promises more than its bytes can hold is a fault.
constexpr std::size_t kDivisionBytesMin = 7, kRingBytesMin = 7;

Error malformed(std::string detail) {
  return {ErrorCode::Malformed, "division tree: " + std::move(detail)};
}

void put_text(std::string& out, std::string_view text) {
  base::put_varint(out, text.size());
  out += text;
}

class TreeEncoder {
 public:
  explicit TreeEncoder(const DivisionTree& tree) : m_tree(tree) {}

  std::string encode() {
    m_out += kMagic;
    base::put_fixed(m_out, kTreeCodecVersion);
    base::put_fixed(m_out, std::bit_cast<std::uint64_t>(m_tree.origin_world().x));
    base::put_fixed(m_out, std::bit_cast<std::uint64_t>(m_tree.origin_world().y));
    base::put_fixed(m_out, std::bit_cast<std::uint64_t>(m_tree.unit_m()));
    base::put_fixed(m_out, static_cast<std::uint8_t>(m_tree.synthetic()));
    put_text(m_out, m_tree.world_crs());
    base::put_varint(m_out, m_tree.levels().size());
    for (const DivisionLevel& level : m_tree.levels()) {
      put_text(m_out, level.name_zh);
      put_text(m_out, level.name_en);
    }
    base::put_varint(m_out, m_tree.divisions().size());
    for (const Division& division : m_tree.divisions()) put_division(division);
    base::put_fixed(m_out, base::hash_bytes(m_out));
    return std::move(m_out);
  }

 private:
  void put_point(base::Vec2i point) {
    base::put_signed_varint(m_out, std::int64_t{point.x} - m_last.x);
    base::put_signed_varint(m_out, std::int64_t{point.y} - m_last.y);
    m_last = point;
  }

  void put_division(const Division& division) {
    put_text(m_out, division.code);
    put_text(m_out, division.name);
    put_text(m_out, division.kind);
    // The root has no parent; the others' stand before them.
    base::put_varint(m_out, division.parent.valid() ? division.parent.value + 1u : 0u);
    put_point(m_tree.to_units(division.anchor_world));
    base::put_varint(m_out, division.rings.size());
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) put_ring(m_tree.rings()[r]);
    base::put_varint(m_out, division.triangle_indices.size());
    std::int64_t last = division.vertices.begin;
    for (std::uint32_t i = division.triangle_indices.begin; i < division.triangle_indices.end; ++i) {
      const std::int64_t index = m_tree.triangle_indices()[i];
      base::put_signed_varint(m_out, index - last);
      last = index;
    }
  }

  void put_ring(const Ring& ring) {
    base::put_varint(m_out, std::uint64_t{ring.vertices.size()} << 1 | (ring.is_hole ? 1u : 0u));
    for (std::uint32_t v = ring.vertices.begin; v < ring.vertices.end; ++v) put_point(m_tree.vertices()[v]);
  }

  const DivisionTree& m_tree;
  std::string m_out;
  base::Vec2i m_last{};
};

class TreeDecoder {
 public:
  explicit TreeDecoder(std::string_view bytes) : m_reader(bytes) {}

  base::Result<DivisionTree> decode() {
    m_spec.origin_world.x = std::bit_cast<double>(m_reader.fixed<std::uint64_t>());
    m_spec.origin_world.y = std::bit_cast<double>(m_reader.fixed<std::uint64_t>());
    m_spec.unit_m = std::bit_cast<double>(m_reader.fixed<std::uint64_t>());
    m_spec.synthetic = m_reader.fixed<std::uint8_t>() != 0;
    const bool sound = std::isfinite(m_spec.origin_world.x) && std::isfinite(m_spec.origin_world.y) &&
                       std::isfinite(m_spec.unit_m) && m_spec.unit_m > 0;
    if (!sound) return malformed("its origin or unit is no number");
    m_spec.world_crs = take_text();
    const std::uint64_t level_count = m_reader.varint();
    if (level_count > kLevelNamesMax) return malformed(fmt::format("{} levels", level_count));
    for (std::uint64_t i = 0; i < level_count; ++i) {
      std::string name_zh = take_text();
      m_spec.level_names.push_back({std::move(name_zh), take_text(), {}});
    }
    const std::uint64_t count = m_reader.varint();
    if (count > m_reader.rest().size() / kDivisionBytesMin) return malformed("more divisions than its bytes can hold");
    m_spec.records.reserve(count);
    for (std::uint64_t i = 0; i < count && !m_reader.bad(); ++i) TRY(take_division());
    if (m_reader.bad() || !m_reader.rest().empty()) return malformed("its bytes do not fit its counts");
    return assemble_tree(std::move(m_spec));
  }

 private:
  std::string take_text() {
    const std::uint64_t size = m_reader.varint();
    return std::string(m_reader.bytes(size <= kTextBytesMax ? size : ~std::size_t{0}));
  }

  base::Status take_point(base::Vec2i& point) {
    const std::int64_t x = m_last.x + std::int64_t{static_cast<std::int32_t>(m_reader.signed_varint())};
    const std::int64_t y = m_last.y + std::int64_t{static_cast<std::int32_t>(m_reader.signed_varint())};
    m_last = point = {static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
    return {};
  }

  base::Status take_division() {
    DivisionRecord record;
    record.code = take_text();
    record.name = take_text();
    record.kind = take_text();
    const std::uint64_t parent = m_reader.varint();
    if (parent > m_spec.records.size()) return malformed(fmt::format("'{}' stands before its parent", record.code));
    if (parent > 0) record.parent_code = m_spec.records[parent - 1].code;
    // Each division has its whole path in memory: a few bytes here can ask for gigabytes there.
    m_path_bytes.push_back((parent > 0 ? m_path_bytes[parent - 1] : 0) + 3 * record.code.size() + 1);
    m_path_bytes_sum += m_path_bytes.back();
    if (m_path_bytes_sum > kPathBytesSumMax) return malformed("its paths are too long; look at its parents");
    if (parent > 0 && record.parent_code.empty()) return malformed("a division without a code has others below it");
    TRY(take_point(record.anchor));
    const std::uint64_t ring_count = m_reader.varint();
    if (ring_count > m_reader.rest().size() / kRingBytesMin) return malformed("more rings than its bytes can hold");
    for (std::uint64_t i = 0; i < ring_count; ++i) TRY(take_ring(record));
    TRY(take_triangles(record));
    m_spec.records.push_back(std::move(record));
    return {};
  }

  base::Status take_ring(DivisionRecord& record) {
    const std::uint64_t head = m_reader.varint();
    const std::uint64_t size = head >> 1;
    const bool is_hole = (head & 1) != 0;
    if (size < 3 || size > m_reader.rest().size() / 2)
      return malformed(fmt::format("a ring of '{}' has {} corners", record.code, size));
    if (is_hole && record.parts.empty()) return malformed(fmt::format("'{}' begins with a hole", record.code));
    if (!is_hole) record.parts.emplace_back();
    auto& ring = record.parts.back().rings.emplace_back(size);
    for (base::Vec2i& point : ring) TRY(take_point(point));
    m_vertex_count += size;
    if (m_vertex_count > 0xffff'ffffu) return malformed("more corners than can be counted");
    return {};
  }

  // Indices go through the parts in order, each into the corners of its own.
  base::Status take_triangles(DivisionRecord& record) {
    const std::uint64_t count = m_reader.varint();
    if (count % 3 != 0 || count > m_reader.rest().size())
      return malformed(fmt::format("the triangles of '{}'", record.code));
    std::size_t part = 0;
    std::int64_t part_begin = 0, part_end = 0, last = 0;
    const auto corners_of = [&](std::size_t i) {
      std::int64_t sum = 0;
      for (const auto& ring : record.parts[i].rings) sum += static_cast<std::int64_t>(ring.size());
      return sum;
    };
    if (!record.parts.empty()) part_end = corners_of(0);
    for (std::uint64_t i = 0; i < count; ++i) {
      // A difference that wraps around gives an index that is refused.
      const std::int64_t index = static_cast<std::int64_t>(static_cast<std::uint64_t>(last) +
                                                           static_cast<std::uint64_t>(m_reader.signed_varint()));
      while (index >= part_end && part + 1 < record.parts.size()) {
        part_begin = part_end;
        part_end += corners_of(++part);
      }
      if (index < part_begin || index >= part_end) {
        return malformed(fmt::format("a triangle of '{}' has a corner that is none of its part's", record.code));
      }
      record.parts[part].triangle_indices.push_back(static_cast<std::uint32_t>(index - part_begin));
      last = index;
    }
    for (const auto& one : record.parts) {
      if (one.triangle_indices.size() % 3 != 0)
        return malformed(fmt::format("a triangle of '{}' lies in two parts", record.code));
    }
    return {};
  }

  base::NumberReader m_reader;
  TreeSpec m_spec;
  base::Vec2i m_last{};
  std::uint64_t m_vertex_count = 0;
  std::vector<std::size_t> m_path_bytes;  // by record
  std::size_t m_path_bytes_sum = 0;
};

}  // namespace

std::string encode_tree(const DivisionTree& tree) {
  return TreeEncoder(tree).encode();
}

base::Result<DivisionTree> decode_tree(std::string_view bytes) {
  if (bytes.size() < kMagic.size() + 2 + kSealBytes || !bytes.starts_with(kMagic)) {
    return malformed("does not start with GWTR and a version");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - kSealBytes);
  base::NumberReader head(body.substr(kMagic.size()));
  const auto version = head.fixed<std::uint16_t>();
  if (version != kTreeCodecVersion) {
    return Error{ErrorCode::Unsupported, fmt::format("division tree: version {}, version {} is understood; use the "
                                                     "release that wrote it",
                                                     version, kTreeCodecVersion)};
  }
  if (base::NumberReader(bytes.substr(body.size())).fixed<std::uint64_t>() != base::hash_bytes(body)) {
    return malformed("was cut or changed: its seal does not fit");
  }
  return TreeDecoder(head.rest()).decode();
}

}  // namespace gridwall::model
