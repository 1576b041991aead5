// Keyframe: the fold's whole state as bytes, in parts: one for each division below the root, one for the root's own,
// and a head; so a snapshot of a town reads the town's part only. A world restored from parts goes on exactly as the
// one they were taken from: same digests, same timers, same figures. Form and why: README.md beside this file.
// Invariant: restore(encode(w)) has w's digest; bytes that were cut or changed are refused with a sentence.
// Tests: tests/unit/state/world_walk_test.cpp, tests/fuzz/keyframe_fuzz.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "state/world.hpp"

namespace gridwall::state {

inline constexpr std::uint16_t kKeyframeVersion = 4;

// What a part holds: a division with all below it, or what belongs to the division itself only.
struct KeyframeScope {
  model::DivisionIndex division;
  bool own_only = false;
  bool operator==(const KeyframeScope&) const = default;
};

struct KeyframePart {
  KeyframeScope scope;
  std::string bytes;
};

struct Keyframe {
  std::string head;
  std::vector<KeyframePart> parts;  // the root's own first, then the divisions below it in their order
};

Keyframe encode_keyframe(const World& world);
// One part for each of `scopes`, in their order; they do not overlap. For a wall that follows some prefixes.
Keyframe encode_keyframe(const World& world, std::span<const KeyframeScope> scopes);

// `world` is new or is cleared first. With the parts of some divisions only, it knows these and no others. Errors: cut
// or changed bytes, another version, another tree's.
base::Status restore_keyframe(World& world, std::string_view head, std::span<const std::string_view> parts);

}  // namespace gridwall::state
