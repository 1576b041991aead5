// Who is whose parent, from codes alone. Pure: text in, text out.
// Invariant: the result is one tree: exactly one division without parent and no cycle.
// Test: tests/unit/shape/parent_rules_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gridwall::shape {

enum class ParentRule { Field, CodeLengths, LongestPrefix };

// Looks at texts that somebody else keeps.
struct CodedDivision {
  std::string_view code;         // unique in the list
  std::string_view parent_code;  // as the parent field says; used by ParentRule::Field only
  bool made_up = false;          // the layer gives no code: what this one begins with or how long it is says nothing
};

inline constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

struct ParentLinks {
  // Indices, one a division; kNoParent for the root only, unless one is added: then for all that hang to it.
  std::vector<std::size_t> parents;
  std::string added_root_code;       // set when no single division stands above all; empty otherwise
  std::vector<std::size_t> orphans;  // named or should have a parent that is not there: hung to the root
  std::vector<std::size_t> cycles;   // where a ring of parents was cut: hung to the root
  // Field only: the named code is there but for blanks around it or for groups of padding zeros. To be told.
  std::vector<std::size_t> loose_matches;
};

// Field: empty, blank or its own code means no parent. CodeLengths: a code of lengths[i] has the parent of the nearest
// shorter length that is there. LongestPrefix: the longest other code it begins with; where all are numeric codes of 6,
// 9, 12 or 15 digits (行政区划代码, 统计用区划代码, 网格编码) they are compared without their trailing zero groups.
// Without a single top, a root is added: its code is what all orphans name when they name the same, else "ALL".
// About linear in the bytes of all codes (one sort), whatever the bytes are.
ParentLinks link_parents(const std::vector<CodedDivision>& divisions, ParentRule rule,
                         const std::vector<std::uint32_t>& code_lengths);

// The same settling for parents found by other means (containment): `parents` holds indices or kNoParent, `orphaned`
// marks those that should have had one.
ParentLinks link_found_parents(const std::vector<CodedDivision>& divisions, const std::vector<std::size_t>& parents,
                               const std::vector<bool>& orphaned);

}  // namespace gridwall::shape
