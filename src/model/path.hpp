// Topic paths: the chain of segments from the root, each ended by '/'. A segment is the division's code minus its
// parent's code where that is a prefix of it, else the whole code; '/', '~', '@' and '%' are percent-escaped.
// "320281/001/003/012/". The own leaf of a division ("320281/~") carries what belongs to it and to no child.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gridwall::model {

std::string path_segment(std::string_view code, std::string_view parent_code);
// Of a division whose segment a sibling has already ("B" and "DB" of "D"): "%=" and its whole code, which no other has.
std::string clashing_segment(std::string_view code);

// "320281/001/" to {"320281/", "320281/001/"}: every prefix of a path (or of an own leaf) from the root down, without
// the own leaf itself.
std::vector<std::string_view> path_prefixes(std::string_view path_or_leaf);

// "320281/" to "320281/~".
std::string own_leaf(std::string_view path);

// A path ends in '/', an own leaf in "/~"; no empty segment, none of the reserved characters inside one.
bool is_path(std::string_view text);
bool is_own_leaf(std::string_view text);

}  // namespace gridwall::model
