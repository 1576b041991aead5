#include "model/tree_image.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/hash.hpp"
#include "base/parallel.hpp"

namespace gridwall::model {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

constexpr std::uint64_t kMagic = 0x31'47'4d'49'54'57'47'00;  // another byte order reads another number
constexpr std::size_t kAlignment = 64, kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kTextBytesMax = 0xffff'ffffu;
constexpr std::size_t kRowsPerChunk = 1024, kRowsPerWorkerMin = 8192;

enum Section : std::size_t {
  kLabel,
  kTexts,  // a 32-bit length before each: the world's system, two names a level, name and kind of each division
  kRows,
  kCodeSlots,
  kCodeTexts,
  kCodeEnds,
  kPathSlots,
  kPathTexts,
  kPathEnds,
  kRings,
  kVertices,
  kTriangles,
  kSectionCount,
};

// At the beginning; then the hash of each block of each section, then the hash of all this; then the sections, each at
// the next multiple of kAlignment.
struct Head {
  std::uint64_t magic = kMagic;
  std::uint32_t version = kTreeImageVersion;
  std::uint32_t row_bytes = 0;
  std::array<std::uint64_t, kSectionCount> sizes{};  // bytes
  std::uint64_t level_count = 0, content_hash = 0;
  double origin_x = 0, origin_y = 0, unit_m = 0;
  std::uint64_t synthetic = 0;
};

struct Row {
  Range children, rings, triangle_indices, vertices;
  std::uint32_t level_index = 0, parent = 0, name_begin = 0, kind_begin = 0;
  double extent[4] = {}, anchor[2] = {}, area_m2 = 0;
};
static_assert(sizeof(Row) == 104 && sizeof(Ring) == 12 && sizeof(base::Vec2i) == 8 &&
              sizeof(base::TextTable::Slot) == 16);

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::size_t block_count(std::size_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes;
}

std::size_t aligned(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

std::vector<std::string_view> blocks_of(std::span<const std::string_view> sections) {
  std::vector<std::string_view> blocks;
  for (const std::string_view section : sections) {
    for (std::size_t at = 0; at < section.size(); at += kBlockBytes) blocks.push_back(section.substr(at, kBlockBytes));
  }
  return blocks;
}

// Of each block, on all cores.
std::vector<std::uint64_t> hashes_of(const std::vector<std::string_view>& blocks) {
  std::vector<std::uint64_t> hashes(blocks.size());
  base::parallel_for(
      blocks.size(), 4, base::worker_count_for(blocks.size(), 8),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) hashes[i] = base::hash_bytes(blocks[i]);
      },
      [](std::size_t) {});
  return hashes;
}

std::uint32_t put_text(std::string& out, std::string_view text) {
  const auto begin = static_cast<std::uint32_t>(out.size()), size = static_cast<std::uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out += text;
  return begin;
}

// Are all within the range? Most of what opening costs beside hashing, so four at a time: of a number within, neither
// its distance to the begin nor that to the last has the sign's bit.
bool all_below(std::span<const std::uint32_t> numbers, Range range) {
  using Four = std::uint32_t __attribute__((vector_size(4 * sizeof(std::uint32_t))));
  constexpr std::uint32_t kSign = 1u << 31;
  if (range.size() == 0 || range.size() > kSign) return numbers.empty();
  const std::uint32_t last = range.size() - 1;
  Four outside{};
  std::size_t i = 0;
  for (; i + 4 <= numbers.size(); i += 4) {
    Four four{};
    std::memcpy(&four, numbers.data() + i, sizeof four);
    four -= range.begin;
    outside |= four | (last - four);
  }
  std::uint32_t any = outside[0] | outside[1] | outside[2] | outside[3];
  for (; i < numbers.size(); ++i) any |= (numbers[i] - range.begin) | (last - (numbers[i] - range.begin));
  return (any & kSign) == 0;
}

Error malformed(const std::string& detail) {
  return {ErrorCode::Malformed, "tree image: " + detail};
}

}  // namespace

void TreeImage::add(std::string_view section) {
  m_sections.push_back(section);
  m_pieces.push_back(section);
  m_pieces.push_back(std::string_view(m_padding).substr(0, aligned(section.size()) - section.size()));
}

TreeImage::TreeImage(const DivisionTree& tree, std::string label)
    : m_label(std::move(label)), m_padding(kAlignment, '\0') {
  put_text(m_texts, tree.m_world_crs);
  for (const DivisionLevel& level : tree.m_levels) {
    put_text(m_texts, level.name_zh);
    put_text(m_texts, level.name_en);
  }
  std::vector<Row> rows;
  rows.reserve(tree.m_divisions.size());
  for (const Division& d : tree.m_divisions) {
    const std::uint32_t name_begin = put_text(m_texts, d.name), kind_begin = put_text(m_texts, d.kind);
    rows.push_back({d.children,
                    d.rings,
                    d.triangle_indices,
                    d.vertices,
                    d.level_index,
                    d.parent.value,
                    name_begin,
                    kind_begin,
                    {d.extent_world.min.x, d.extent_world.min.y, d.extent_world.max.x, d.extent_world.max.y},
                    {d.anchor_world.x, d.anchor_world.y},
                    d.area_m2});
  }
  if (m_texts.size() > kTextBytesMax) return;
  m_rows = bytes_of(std::span<const Row>(rows));
  m_pieces = {{}, {}};
  add(m_label);
  add(m_texts);
  add(m_rows);
  for (const base::TextTable* index : {&tree.m_codes, &tree.m_paths}) {
    const base::TextTable::Parts& parts = index->parts();
    add(bytes_of(parts.slots));
    add(parts.texts);
    add(bytes_of(parts.ends));
  }
  add(bytes_of(tree.m_rings));
  add(bytes_of(tree.m_vertices));
  add(bytes_of(tree.m_triangle_indices));
  Head head;
  head.row_bytes = sizeof(Row);
  for (std::size_t s = 0; s < kSectionCount; ++s) head.sizes[s] = m_sections[s].size();
  head.level_count = tree.m_levels.size();
  head.content_hash = tree.m_content_hash;
  head.origin_x = tree.m_origin_world.x, head.origin_y = tree.m_origin_world.y;
  head.unit_m = tree.m_unit_m;
  head.synthetic = tree.m_synthetic ? 1 : 0;
  m_head.assign(reinterpret_cast<const char*>(&head), sizeof head);
  m_head += bytes_of(std::span<const std::uint64_t>(hashes_of(blocks_of(m_sections))));
  const std::uint64_t seal = base::hash_bytes(m_head);
  m_head.append(reinterpret_cast<const char*>(&seal), sizeof seal);
  m_pieces[0] = m_head;
  m_pieces[1] = std::string_view(m_padding).substr(0, aligned(m_head.size()) - m_head.size());
}

// The steps of open(), in order.
class TreeImage::Opening {
 public:
  explicit Opening(std::string_view bytes) : m_bytes(bytes) {}

  // Unsealed: whatever the hashes are.
  Status read_head(bool sealed = true);
  Status check_blocks() const;
  Status take_rows();
  Status take_texts();
  Status check_geometry() const;
  [[nodiscard]] std::span<const std::string_view> sections() const { return m_sections; }
  [[nodiscard]] std::string_view section(Section s) const { return m_sections[s]; }
  DivisionTree finish(std::shared_ptr<const void> owner);

 private:
  template <typename T>
  [[nodiscard]] std::span<const T> values(Section s) const {
    return {reinterpret_cast<const T*>(m_sections[s].data()), m_sections[s].size() / sizeof(T)};
  }
  [[nodiscard]] bool text_at(std::size_t begin, std::string_view& text) const;
  [[nodiscard]] bool is_sound(std::size_t index) const;
  [[nodiscard]] bool geometry_is_sound(std::size_t index) const;

  std::string_view m_bytes;
  Head m_head;
  std::array<std::string_view, kSectionCount> m_sections;
  std::span<const std::uint64_t> m_hashes;
  DivisionTree m_tree;
};

Status TreeImage::Opening::read_head(bool sealed) {
  if (m_bytes.size() < sizeof(Head) + sizeof(std::uint64_t)) return malformed("too short");
  std::memcpy(&m_head, m_bytes.data(), sizeof m_head);
  if (m_head.magic != kMagic) return malformed("is none, or another machine's");
  if (m_head.version != kTreeImageVersion || m_head.row_bytes != sizeof(Row)) {
    return Error{ErrorCode::Unsupported,
                 fmt::format("tree image: version {}, version {} is understood", m_head.version, kTreeImageVersion)};
  }
  constexpr std::array<std::size_t, kSectionCount> kItemBytes{
      1, 1, sizeof(Row),  sizeof(base::TextTable::Slot), 1, 4, sizeof(base::TextTable::Slot),
      1, 4, sizeof(Ring), sizeof(base::Vec2i),           12};
  std::size_t blocks = 0;
  for (std::size_t s = 0; s < kSectionCount; ++s) {
    if (m_head.sizes[s] > m_bytes.size() || m_head.sizes[s] % kItemBytes[s] != 0) return malformed("a section's size");
    blocks += block_count(m_head.sizes[s]);
  }
  const std::size_t hashed = sizeof(Head) + blocks * sizeof(std::uint64_t);
  if (m_bytes.size() < hashed + sizeof(std::uint64_t)) return malformed("was cut");
  std::uint64_t seal = 0;
  std::memcpy(&seal, m_bytes.data() + hashed, sizeof seal);
  if (sealed && seal != base::hash_bytes(m_bytes.substr(0, hashed))) return malformed("its head was changed");
  if (!std::isfinite(m_head.origin_x) || !std::isfinite(m_head.origin_y) || !(m_head.unit_m > 0) ||
      !std::isfinite(m_head.unit_m)) {
    return malformed("its origin or unit is no number");
  }
  m_hashes = {reinterpret_cast<const std::uint64_t*>(m_bytes.data() + sizeof(Head)), blocks};
  std::size_t at = aligned(hashed + sizeof seal);
  for (std::size_t s = 0; s < kSectionCount; ++s) {
    if (at > m_bytes.size() || m_head.sizes[s] > m_bytes.size() - at) return malformed("was cut");
    m_sections[s] = m_bytes.substr(at, m_head.sizes[s]);
    at += aligned(m_head.sizes[s]);
  }
  return {};
}

Status TreeImage::Opening::check_blocks() const {
  const std::vector<std::uint64_t> hashes = hashes_of(blocks_of(m_sections));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] != m_hashes[i]) return malformed("was changed: the hash of a block does not fit");
  }
  return {};
}

bool TreeImage::Opening::text_at(std::size_t begin, std::string_view& text) const {
  const std::string_view all = m_sections[kTexts];
  std::uint32_t size = 0;
  if (begin > all.size() || all.size() - begin < sizeof size) return false;
  std::memcpy(&size, all.data() + begin, sizeof size);
  if (size > all.size() - begin - sizeof size) return false;
  text = all.substr(begin + sizeof size, size);
  return true;
}

// Does the row stand where breadth first order puts it, each range behind the one before?
bool TreeImage::Opening::is_sound(std::size_t i) const {
  const std::span<const Row> rows = values<Row>(kRows);
  const Row& row = rows[i];
  const Row before = i > 0 ? rows[i - 1] : Row{};
  const auto follows = [](Range one, Range last) { return one.begin == last.end && one.end >= one.begin; };
  if (!follows(row.rings, before.rings) || !follows(row.vertices, before.vertices) ||
      !follows(row.triangle_indices, before.triangle_indices) || row.triangle_indices.size() % 3 != 0) {
    return false;
  }
  if (row.children.begin > row.children.end || row.children.end > rows.size()) return false;
  if (i == 0) return row.level_index == 0 && !DivisionIndex{row.parent}.valid() && row.children.begin == 1;
  if (row.parent >= i || !follows(row.children, before.children)) return false;
  return rows[row.parent].children.contains(static_cast<std::uint32_t>(i)) &&
         row.level_index == rows[row.parent].level_index + 1 && row.level_index < m_head.level_count;
}

Status TreeImage::Opening::take_rows() {
  const std::span<const Row> rows = values<Row>(kRows);
  if (rows.empty() || m_head.level_count == 0) return malformed("no division");
  const Row& last = rows.back();
  if (last.children.end != rows.size() || last.rings.end != values<Ring>(kRings).size() ||
      last.vertices.end != values<base::Vec2i>(kVertices).size() ||
      last.triangle_indices.end != values<std::uint32_t>(kTriangles).size()) {
    return malformed("its divisions and its arrays do not fit");
  }
  m_tree.m_divisions.resize(rows.size());
  std::atomic<bool> sound = true;
  base::parallel_for(
      rows.size(), kRowsPerChunk, base::worker_count_for(rows.size(), kRowsPerWorkerMin),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && sound; ++i) {
          const Row& row = rows[i];
          std::string_view name, kind;
          if (!is_sound(i) || !text_at(row.name_begin, name) || !text_at(row.kind_begin, kind)) {
            sound = false;
            return;
          }
          Division& d = m_tree.m_divisions[i];
          const auto number = static_cast<std::uint32_t>(i);
          d.code = m_tree.m_codes.at(number);
          d.name = name;
          d.kind = kind;
          d.path = m_tree.m_paths.at(number);
          d.level_index = row.level_index;
          d.parent = DivisionIndex{row.parent};
          d.children = row.children;
          d.rings = row.rings;
          d.triangle_indices = row.triangle_indices;
          d.vertices = row.vertices;
          d.extent_world = {{row.extent[0], row.extent[1]}, {row.extent[2], row.extent[3]}};
          d.anchor_world = {row.anchor[0], row.anchor[1]};
          d.area_m2 = row.area_m2;
        }
      },
      [](std::size_t) {});
  return sound ? Status{} : malformed("a division does not fit the others");
}

Status TreeImage::Opening::take_texts() {
  using Slot = base::TextTable::Slot;
  auto codes =
      base::TextTable::from({values<Slot>(kCodeSlots), m_sections[kCodeTexts], values<std::uint32_t>(kCodeEnds)});
  auto paths =
      base::TextTable::from({values<Slot>(kPathSlots), m_sections[kPathTexts], values<std::uint32_t>(kPathEnds)});
  const std::size_t count = values<Row>(kRows).size();
  if (!codes || !paths || codes->count() != count || paths->count() != count) return malformed("its tables of texts");
  m_tree.m_codes = *codes;
  m_tree.m_paths = *paths;
  std::string_view text;
  std::size_t at = 0;
  const auto next = [&](std::string& out) {
    if (!text_at(at, text)) return false;
    out = text;
    at += sizeof(std::uint32_t) + text.size();
    return true;
  };
  if (!next(m_tree.m_world_crs)) return malformed("its texts");
  for (std::uint64_t l = 0; l < m_head.level_count; ++l) {
    DivisionLevel level;
    if (!next(level.name_zh) || !next(level.name_en)) return malformed("its texts");
    m_tree.m_levels.push_back(std::move(level));
  }
  return {};
}

bool TreeImage::Opening::geometry_is_sound(std::size_t index) const {
  const Division& d = m_tree.m_divisions[index];
  const std::span<const Ring> rings = values<Ring>(kRings);
  const std::span<const std::uint32_t> triangles = values<std::uint32_t>(kTriangles);
  std::uint32_t vertex = d.vertices.begin;
  for (std::uint32_t r = d.rings.begin; r < d.rings.end; ++r) {
    unsigned char is_hole = 0;
    std::memcpy(&is_hole, reinterpret_cast<const char*>(&rings[r]) + offsetof(Ring, is_hole), 1);
    if (rings[r].vertices.begin != vertex || rings[r].vertices.end < vertex || is_hole > 1) return false;
    vertex = rings[r].vertices.end;
  }
  if (vertex != d.vertices.end) return false;
  return all_below(triangles.subspan(d.triangle_indices.begin, d.triangle_indices.size()), d.vertices);
}

Status TreeImage::Opening::check_geometry() const {
  std::atomic<bool> sound = true;
  const std::size_t count = m_tree.m_divisions.size();
  base::parallel_for(
      count, kRowsPerChunk, base::worker_count_for(count, kRowsPerWorkerMin),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          if (!geometry_is_sound(i)) sound = false;
        }
      },
      [](std::size_t) {});
  return sound ? Status{} : malformed("a ring or a triangle lies outside its division");
}

DivisionTree TreeImage::Opening::finish(std::shared_ptr<const void> owner) {
  const std::span<const Row> rows = values<Row>(kRows);
  std::uint32_t begin = 0;
  for (std::size_t l = 0; l < m_tree.m_levels.size(); ++l) {
    const auto end =
        std::partition_point(rows.begin(), rows.end(), [l](const Row& row) { return row.level_index <= l; });
    m_tree.m_levels[l].divisions = {begin, static_cast<std::uint32_t>(end - rows.begin())};
    begin = m_tree.m_levels[l].divisions.end;
  }
  m_tree.m_rings = values<Ring>(kRings);
  m_tree.m_vertices = values<base::Vec2i>(kVertices);
  m_tree.m_triangle_indices = values<std::uint32_t>(kTriangles);
  m_tree.m_owner = std::move(owner);
  m_tree.m_origin_world = {m_head.origin_x, m_head.origin_y};
  m_tree.m_unit_m = m_head.unit_m;
  m_tree.m_synthetic = m_head.synthetic != 0;
  m_tree.m_content_hash = m_head.content_hash;
  return std::move(m_tree);
}

Result<std::string_view> TreeImage::label_of(std::string_view bytes) {
  Opening opening(bytes);
  TRY(opening.read_head());
  return opening.section(kLabel);
}

bool TreeImage::seal(std::span<char> bytes) {
  Opening opening({bytes.data(), bytes.size()});
  if (!opening.read_head(false).ok()) return false;
  const std::vector<std::uint64_t> hashes = hashes_of(blocks_of(opening.sections()));
  char* at = bytes.data() + sizeof(Head);
  std::memcpy(at, hashes.data(), hashes.size() * sizeof(std::uint64_t));
  at += hashes.size() * sizeof(std::uint64_t);
  const std::uint64_t seal = base::hash_bytes({bytes.data(), static_cast<std::size_t>(at - bytes.data())});
  std::memcpy(at, &seal, sizeof seal);
  return true;
}

Result<DivisionTree> TreeImage::open(std::string_view bytes, std::shared_ptr<const void> owner) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment != 0) return malformed("does not begin at 64 bytes");
  Opening opening(bytes);
  TRY(opening.read_head());
  TRY(opening.check_blocks());
  TRY(opening.take_texts());
  TRY(opening.take_rows());
  TRY(opening.check_geometry());
  return opening.finish(std::move(owner));
}

}  // namespace gridwall::model
