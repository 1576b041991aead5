#include "shape/parent_rules.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "base/assert.hpp"

namespace gridwall::shape {

namespace {

using Index = std::unordered_map<std::string_view, std::size_t>;

// What a rule says about each division, before roots and cycles are settled.
struct Finding {
  std::vector<std::size_t> parents;  // kNoParent: none
  std::vector<bool> orphaned;        // it should have one
  std::vector<std::size_t> loose;    // found only without blanks or padding
};

Finding empty_finding(std::size_t count) {
  return {std::vector<std::size_t>(count, kNoParent), std::vector<bool>(count), {}};
}

Index index_codes(const std::vector<std::string_view>& codes) {
  Index index;
  index.reserve(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) index.emplace(codes[i], i);
  return index;
}

std::vector<std::string_view> codes_of(const std::vector<CodedDivision>& divisions) {
  std::vector<std::string_view> codes;
  codes.reserve(divisions.size());
  for (const CodedDivision& division : divisions) codes.emplace_back(division.code);
  return codes;
}

constexpr std::string_view kBlanks{" \t\r\n\0", 5};
constexpr std::string_view kWideBlank = "\u3000";  // full-width, as Chinese input methods type it

std::string_view without_blanks(std::string_view code) {
  for (std::size_t before = code.size() + 1; code.size() < before;) {
    before = code.size();
    const std::size_t first = std::min(code.find_first_not_of(kBlanks), code.size());
    code.remove_prefix(first);
    code = code.substr(0, code.find_last_not_of(kBlanks) + 1);
    if (code.starts_with(kWideBlank)) code.remove_prefix(kWideBlank.size());
    if (code.ends_with(kWideBlank)) code.remove_suffix(kWideBlank.size());
  }
  return code;
}

bool is_national(std::string_view code) {
  return (code.size() == 6 || code.size() == 9 || code.size() == 12 || code.size() == 15) &&
         code.find_first_not_of("0123456789") == std::string_view::npos;
}

// "320281000000" to "320281": national codes are padded with zeros to one length; their groups end at these digits.
// Any other text comes back as it is.
std::string_view without_zero_groups(std::string_view code) {
  constexpr std::size_t kGroupEnds[] = {2, 4, 6, 9, 12, 15};
  const std::size_t size = code.size();
  if (!is_national(code)) return code;
  std::size_t end = 2;
  for (std::size_t g = 1; g < std::size(kGroupEnds) && kGroupEnds[g] <= size; ++g) {
    const std::string_view group = code.substr(kGroupEnds[g - 1], kGroupEnds[g] - kGroupEnds[g - 1]);
    if (group.find_first_not_of('0') != std::string_view::npos) end = kGroupEnds[g];
  }
  return code.substr(0, end);
}

// Codes by what is left of them without blanks and padding; two that agree in it stand for nobody.
Index index_loosely(const std::vector<std::string_view>& codes) {
  Index index;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto [at, is_new] = index.emplace(without_zero_groups(without_blanks(codes[i])), i);
    if (!is_new) at->second = kNoParent;
  }
  return index;
}

Finding by_field(const std::vector<CodedDivision>& divisions) {
  const auto codes = codes_of(divisions);
  const Index index = index_codes(codes);
  Index loose;
  Finding finding = empty_finding(divisions.size());
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    const std::string_view named = divisions[i].parent_code;
    if (without_blanks(named).empty() || named == divisions[i].code) continue;
    const auto found = index.find(named);
    if (found != index.end()) {
      finding.parents[i] = found->second;
      continue;
    }
    if (loose.empty()) loose = index_loosely(codes);
    const auto like = loose.find(without_zero_groups(without_blanks(named)));
    if (like == loose.end() || like->second == kNoParent) {
      finding.orphaned[i] = true;
    } else if (like->second != i) {
      finding.parents[i] = like->second;
      finding.loose.push_back(i);
    }
  }
  return finding;
}

// Empty where the code is made up.
std::vector<std::string_view> telling_codes_of(const std::vector<CodedDivision>& divisions) {
  auto codes = codes_of(divisions);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (divisions[i].made_up) codes[i] = {};
  }
  return codes;
}

Finding by_lengths(const std::vector<CodedDivision>& divisions, std::vector<std::uint32_t> lengths) {
  const auto codes = telling_codes_of(divisions);
  const Index index = index_codes(codes);
  std::sort(lengths.begin(), lengths.end());
  Finding finding = empty_finding(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const bool known_length = std::find(lengths.begin(), lengths.end(), codes[i].size()) != lengths.end();
    for (auto length = lengths.rbegin(); known_length && length != lengths.rend(); ++length) {
      if (*length >= codes[i].size()) continue;
      const auto found = index.find(codes[i].substr(0, *length));
      if (found == index.end()) continue;
      finding.parents[i] = found->second;
      break;
    }
    const bool is_top = known_length && codes[i].size() == lengths.front();
    finding.orphaned[i] = finding.parents[i] == kNoParent && !is_top;
  }
  return finding;
}

// When all are national codes, each without its zero groups; a code that would then equal another keeps them.
std::vector<std::string_view> without_padding(const std::vector<std::string_view>& codes) {
  const auto may_be_padded = [](std::string_view code) { return code.empty() || is_national(code); };
  if (!std::all_of(codes.begin(), codes.end(), may_be_padded)) return codes;
  const Index whole = index_codes(codes);
  std::unordered_map<std::string_view, std::size_t> uses;
  for (const std::string_view code : codes) ++uses[without_zero_groups(code)];
  std::vector<std::string_view> significant;
  for (const std::string_view code : codes) {
    const std::string_view bare = without_zero_groups(code);
    const bool is_alone = uses[bare] == 1 && (bare.size() == code.size() || !whole.contains(bare));
    significant.push_back(is_alone ? bare : code);
  }
  return significant;
}

// In sorted order the codes that begin the current one are a stack, so each character is looked at a few times only,
// however long the codes are.
Finding by_prefix(const std::vector<CodedDivision>& divisions) {
  const auto codes = without_padding(telling_codes_of(divisions));
  std::vector<std::size_t> order(codes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Most files have their divisions in order.
  if (!std::is_sorted(codes.begin(), codes.end())) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return codes[a] < codes[b]; });
  }
  Finding finding = empty_finding(codes.size());
  std::vector<std::size_t> beginnings;
  for (const std::size_t i : order) {
    while (!beginnings.empty() && !codes[i].starts_with(codes[beginnings.back()])) beginnings.pop_back();
    const bool is_twin = !beginnings.empty() && codes[beginnings.back()] == codes[i];
    if (is_twin) {
      finding.parents[i] = finding.parents[beginnings.back()];
    } else {
      if (!beginnings.empty()) finding.parents[i] = beginnings.back();
      if (!codes[i].empty()) beginnings.push_back(i);
    }
  }
  return finding;
}

// Each division leads up to one without parent, or round in a ring, which is cut at the member met first.
std::vector<std::size_t> cut_cycles(std::vector<std::size_t>& parents) {
  enum class Mark : std::uint8_t { Unseen, OnWay, Done };
  std::vector<Mark> marks(parents.size(), Mark::Unseen);
  std::vector<std::size_t> cut, way;
  for (std::size_t start = 0; start < parents.size(); ++start) {
    way.clear();
    std::size_t i = start;
    while (i != kNoParent && marks[i] == Mark::Unseen) {
      marks[i] = Mark::OnWay;
      way.push_back(i);
      i = parents[i];
    }
    if (i != kNoParent && marks[i] == Mark::OnWay) {
      parents[i] = kNoParent;
      cut.push_back(i);
    }
    for (const std::size_t passed : way) marks[passed] = Mark::Done;
  }
  return cut;
}

// Every top is an orphan of the same parent, which is not there. (A rule that does not read the parent field may leave
// orphans whose field names a division of the list.)
bool miss_one_parent(const std::vector<CodedDivision>& divisions, const std::vector<std::size_t>& tops,
                     const std::vector<std::size_t>& orphans) {
  if (orphans.empty() || orphans.size() != tops.size()) return false;
  const std::string_view named = divisions[orphans[0]].parent_code;
  const auto names_it = [&](std::size_t i) { return divisions[i].parent_code == named; };
  const auto is_it = [&](const CodedDivision& division) { return division.code == named; };
  return !named.empty() && std::all_of(orphans.begin(), orphans.end(), names_it) &&
         std::none_of(divisions.begin(), divisions.end(), is_it);
}

std::string free_root_code(const std::vector<CodedDivision>& divisions) {
  std::string code = "ALL";
  const auto is_it = [&](const CodedDivision& division) { return division.code == code; };
  if (std::ranges::none_of(divisions, is_it)) return code;
  const Index index = index_codes(codes_of(divisions));
  while (index.contains(code)) code += "_";
  return code;
}

// One root, and everything that found no parent below it.
ParentLinks settle(const std::vector<CodedDivision>& divisions, Finding finding) {
  ParentLinks links;
  links.loose_matches = std::move(finding.loose);
  links.cycles = cut_cycles(finding.parents);
  std::vector<bool> is_cut(divisions.size());
  for (const std::size_t i : links.cycles) is_cut[i] = true;
  std::vector<std::size_t> tops, clean_tops;
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    if (finding.parents[i] != kNoParent) continue;
    tops.push_back(i);
    if (finding.orphaned[i]) links.orphans.push_back(i);
    if (!finding.orphaned[i] && !is_cut[i]) clean_tops.push_back(i);
  }
  std::size_t root = kNoParent;
  if (clean_tops.size() == 1) {
    root = clean_tops[0];
  } else if (tops.size() == 1) {
    root = tops[0];
    links.orphans.clear();  // a lone division whose parent lies outside the file is simply the root
  } else if (miss_one_parent(divisions, tops, links.orphans)) {
    // Children of one parent that the files do not hold, and nothing else: that is no fault of theirs.
    links.added_root_code = divisions[tops[0]].parent_code;
    links.orphans.clear();
  } else {
    links.added_root_code = free_root_code(divisions);
  }
  links.parents = std::move(finding.parents);
  for (const std::size_t i : tops) {
    if (i != root) links.parents[i] = root;
  }
  return links;
}

}  // namespace

ParentLinks link_parents(const std::vector<CodedDivision>& divisions, ParentRule rule,
                         const std::vector<std::uint32_t>& code_lengths) {
  return settle(divisions, rule == ParentRule::Field         ? by_field(divisions)
                           : rule == ParentRule::CodeLengths ? by_lengths(divisions, code_lengths)
                                                             : by_prefix(divisions));
}

ParentLinks link_found_parents(const std::vector<CodedDivision>& divisions, const std::vector<std::size_t>& parents,
                               const std::vector<bool>& orphaned) {
  ASSERT(parents.size() == divisions.size() && orphaned.size() == divisions.size(), "{} parents of {} divisions",
         parents.size(), divisions.size());
  return settle(divisions, {parents, orphaned, {}});
}

}  // namespace gridwall::shape
