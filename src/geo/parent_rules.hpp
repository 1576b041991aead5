// Who is whose parent, from codes alone. Pure: text in, text out.
// Invariant: the result is one tree: exactly one division without parent and no cycle.
// Test: tests/unit/geo/parent_rules_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridwall::geo {

enum class ParentRule { Field, CodeLengths, LongestPrefix };

struct CodedDivision {
  std::string code;         // unique in the list
  std::string parent_code;  // as the parent field says; used by ParentRule::Field only
};

struct ParentLinks {
  std::vector<std::string> parent_codes;  // one a division; empty for the root only
  std::string added_root_code;            // set when no single division stands above all; empty otherwise
  std::vector<std::size_t> orphans;       // named or should have a parent that is not there: hung to the root
  std::vector<std::size_t> cycles;        // where a ring of parents was cut: hung to the root
};

// Field: empty or its own code means no parent. CodeLengths: a code of lengths[i] has the parent of the nearest
// shorter length that is there. LongestPrefix: the longest other code it begins with; equally long numeric codes of 6,
// 9 or 12 digits (行政区划代码, 统计用区划代码) are compared without their trailing zero groups.
// Without a single top, a root is added: its code is what all orphans name when they name the same, else "ALL".
ParentLinks link_parents(const std::vector<CodedDivision>& divisions, ParentRule rule,
                         const std::vector<std::uint32_t>& code_lengths);

}  // namespace gridwall::geo
