#include "geo/parent_rules.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace gridwall::geo {

namespace {

using Index = std::unordered_map<std::string_view, std::size_t>;

constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

// What a rule says about each division, before roots and cycles are settled.
struct Finding {
  std::vector<std::size_t> parents;  // kNoParent: none
  std::vector<bool> orphaned;        // it should have one
};

Index index_codes(const std::vector<std::string_view>& codes) {
  Index index;
  for (std::size_t i = 0; i < codes.size(); ++i) index.emplace(codes[i], i);
  return index;
}

std::vector<std::string_view> codes_of(const std::vector<CodedDivision>& divisions) {
  std::vector<std::string_view> codes;
  for (const CodedDivision& division : divisions) codes.emplace_back(division.code);
  return codes;
}

Finding by_field(const std::vector<CodedDivision>& divisions) {
  const Index index = index_codes(codes_of(divisions));
  Finding finding{std::vector<std::size_t>(divisions.size(), kNoParent), std::vector<bool>(divisions.size())};
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    const std::string& named = divisions[i].parent_code;
    if (named.empty() || named == divisions[i].code) continue;
    const auto found = index.find(named);
    if (found == index.end()) {
      finding.orphaned[i] = true;
    } else {
      finding.parents[i] = found->second;
    }
  }
  return finding;
}

Finding by_lengths(const std::vector<CodedDivision>& divisions, std::vector<std::uint32_t> lengths) {
  const auto codes = codes_of(divisions);
  const Index index = index_codes(codes);
  std::sort(lengths.begin(), lengths.end());
  Finding finding{std::vector<std::size_t>(codes.size(), kNoParent), std::vector<bool>(codes.size())};
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

// "320281000000" to "320281": national codes are padded with zeros to one length; their groups end at these digits.
std::vector<std::string_view> without_padding(const std::vector<std::string_view>& codes) {
  constexpr std::size_t kGroupEnds[] = {2, 4, 6, 9, 12};
  const std::size_t size = codes.empty() ? 0 : codes[0].size();
  const bool padded_kind =
      (size == 6 || size == 9 || size == 12) && std::all_of(codes.begin(), codes.end(), [&](auto c) {
        return c.size() == size && c.find_first_not_of("0123456789") == std::string_view::npos;
      });
  if (!padded_kind) return codes;
  std::vector<std::string_view> significant;
  for (const std::string_view code : codes) {
    std::size_t end = 2;
    for (std::size_t g = 1; g < std::size(kGroupEnds) && kGroupEnds[g] <= size; ++g) {
      const std::string_view group = code.substr(kGroupEnds[g - 1], kGroupEnds[g] - kGroupEnds[g - 1]);
      if (group.find_first_not_of('0') != std::string_view::npos) end = kGroupEnds[g];
    }
    significant.push_back(code.substr(0, end));
  }
  return significant;
}

Finding by_prefix(const std::vector<CodedDivision>& divisions) {
  const auto codes = without_padding(codes_of(divisions));
  const Index index = index_codes(codes);
  Finding finding{std::vector<std::size_t>(codes.size(), kNoParent), std::vector<bool>(codes.size())};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t length = codes[i].size(); length-- > 1 && finding.parents[i] == kNoParent;) {
      const auto found = index.find(codes[i].substr(0, length));
      if (found != index.end()) finding.parents[i] = found->second;
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

std::string root_code_for(const std::vector<CodedDivision>& divisions, const std::vector<std::size_t>& tops,
                          const std::vector<std::size_t>& orphans) {
  const bool all_orphans = !orphans.empty() && orphans.size() == tops.size();
  const std::string& named = all_orphans ? divisions[orphans[0]].parent_code : std::string();
  const bool one_name =
      all_orphans && !named.empty() &&
      std::all_of(orphans.begin(), orphans.end(), [&](std::size_t i) { return divisions[i].parent_code == named; });
  if (one_name) return named;
  std::string code = "ALL";
  while (std::any_of(divisions.begin(), divisions.end(), [&](const auto& d) { return d.code == code; })) code += "_";
  return code;
}

}  // namespace

ParentLinks link_parents(const std::vector<CodedDivision>& divisions, ParentRule rule,
                         const std::vector<std::uint32_t>& code_lengths) {
  Finding finding = rule == ParentRule::Field         ? by_field(divisions)
                    : rule == ParentRule::CodeLengths ? by_lengths(divisions, code_lengths)
                                                      : by_prefix(divisions);
  ParentLinks links;
  links.cycles = cut_cycles(finding.parents);
  std::vector<std::size_t> tops, clean_tops;
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    if (finding.parents[i] != kNoParent) continue;
    tops.push_back(i);
    const bool is_cut = std::find(links.cycles.begin(), links.cycles.end(), i) != links.cycles.end();
    if (finding.orphaned[i]) links.orphans.push_back(i);
    if (!finding.orphaned[i] && !is_cut) clean_tops.push_back(i);
  }
  std::string root_code;
  if (clean_tops.size() == 1) {
    root_code = divisions[clean_tops[0]].code;
  } else if (tops.size() == 1) {
    root_code = divisions[tops[0]].code;
    links.orphans.clear();  // a lone division whose parent lies outside the file is simply the root
  } else {
    root_code = links.added_root_code = root_code_for(divisions, tops, links.orphans);
    // Children of one parent that the files do not hold, and nothing else: that is no fault of theirs.
    if (links.added_root_code != "ALL" && links.orphans.size() == tops.size()) links.orphans.clear();
  }
  links.parent_codes.resize(divisions.size());
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    const std::size_t parent = finding.parents[i];
    if (parent != kNoParent) {
      links.parent_codes[i] = divisions[parent].code;
    } else if (divisions[i].code != root_code) {
      links.parent_codes[i] = root_code;
    }
  }
  return links;
}

}  // namespace gridwall::geo
