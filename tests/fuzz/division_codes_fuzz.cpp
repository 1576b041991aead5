// Codes and parent codes of any bytes: whatever the rule, they make one tree that the model accepts.
// Input: a line of code lengths (its bytes), then a line a division: code, tab, parent code.
#include <set>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "model/division_tree.hpp"
#include "shape/parent_rules.hpp"

namespace gridwall {
namespace {

constexpr std::size_t kDivisionsMax = 2000;

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

void check_tree(const std::vector<shape::CodedDivision>& divisions, const shape::ParentLinks& links) {
  ASSERT(links.parents.size() == divisions.size(), "{} parents", links.parents.size());
  model::TreeSpec spec;
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    model::DivisionRecord& record = spec.records.emplace_back();
    record.code = divisions[i].code;
    const std::size_t parent = links.parents[i];
    ASSERT(parent == shape::kNoParent || parent < divisions.size(), "no division {}", parent);
    record.parent_code = parent == shape::kNoParent ? std::string_view(links.added_root_code) : divisions[parent].code;
  }
  if (!links.added_root_code.empty()) spec.records.emplace_back().code = links.added_root_code;
  for (const auto* indices : {&links.orphans, &links.cycles, &links.loose_matches}) {
    for (const std::size_t i : *indices) ASSERT(i < divisions.size(), "no division {}", i);
  }
  const auto built = model::assemble_tree(std::move(spec));
  ASSERT(built.ok(), "{}", built.error().message);
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  std::string_view text = fuzz::as_text(data, size);
  std::vector<std::uint32_t> lengths;
  for (const char byte : take_until(text, '\n')) lengths.push_back(static_cast<std::uint8_t>(byte));
  std::vector<shape::CodedDivision> as_given, unique;
  std::set<std::string_view> seen;
  while (!text.empty() && as_given.size() < kDivisionsMax) {
    std::string_view line = take_until(text, '\n');
    const std::string_view code = take_until(line, '\t');
    as_given.push_back({code, line});
    // The loader names features without code and drops second ones before it asks for parents.
    if (!code.empty() && seen.insert(code).second) unique.push_back(as_given.back());
  }
  for (const auto rule : {shape::ParentRule::Field, shape::ParentRule::CodeLengths, shape::ParentRule::LongestPrefix}) {
    ASSERT(shape::link_parents(as_given, rule, lengths).parents.size() == as_given.size(), "lost one");
    if (!unique.empty()) check_tree(unique, shape::link_parents(unique, rule, lengths));
  }
  return 0;
}
