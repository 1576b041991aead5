// TreeImage: a division tree as it stands in memory, so that a second start maps a file and has the tree: vertices,
// rings and triangles are looked at where they lie, only divisions are built. For caches on one machine, not for
// exchange (see tree_codec.hpp): numbers in the machine's own order, versioned, every mebibyte under an XXH3 of its
// own. Invariant: what is opened is the tree that was written, bit for bit; bytes that were cut or changed are refused
// with a sentence. Sealed bytes that no program wrote may give another tree, but never an index out of its bounds.
// Test: tests/unit/model/tree_image_test.cpp, tests/fuzz/tree_image_fuzz.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::model {

inline constexpr std::uint32_t kTreeImageVersion = 1;

class TreeImage {
 public:
  // `label` is the keeper's own. The tree must outlive the image. Uses all cores.
  TreeImage(const DivisionTree& tree, std::string label);
  TreeImage(const TreeImage&) = delete;
  TreeImage& operator=(const TreeImage&) = delete;

  // To be written one behind the other. Empty: its texts are more than 4 GiB, and it cannot be kept.
  [[nodiscard]] std::span<const std::string_view> pieces() const { return m_pieces; }

  // Without a look at what stands behind it: a keeper knows quickly whether a file is the one it wants.
  static base::Result<std::string_view> label_of(std::string_view bytes);
  // The tree looks into `bytes`, which begin at a multiple of 64 and live as long as `owner`. Uses all cores.
  // Errors: Malformed, Unsupported (another version or machine).
  static base::Result<DivisionTree> open(std::string_view bytes, std::shared_ptr<const void> owner);
  // Puts the hashes of changed bytes right, for tests of what stands behind them. False: they are no image's.
  static bool seal(std::span<char> bytes);

 private:
  class Opening;
  void add(std::string_view section);

  std::string m_head, m_label, m_texts, m_rows, m_padding;
  std::vector<std::string_view> m_pieces, m_sections;
};

}  // namespace gridwall::model
