// A division tree as bytes and back, so that a recording carries the divisions it was made with. Little-endian,
// versioned, sealed by the XXH3 of all before it; whole numbers that follow each other as differences. Invariant: the
// tree that comes back has the same divisions, polygons and content hash; bytes that were cut or changed are refused
// with a sentence, in time and memory bounded by their number.
// Test: tests/unit/model/tree_codec_test.cpp, tests/fuzz/tree_codec_fuzz.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/division_tree.hpp"

namespace gridwall::model {

inline constexpr std::uint16_t kTreeCodecVersion = 1;

std::string encode_tree(const DivisionTree& tree);
// Errors: Malformed, Unsupported (another version).
base::Result<DivisionTree> decode_tree(std::string_view bytes);

}  // namespace gridwall::model
