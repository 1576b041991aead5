#include "hub/alert_intake.hpp"

#include "wire/text_mask.hpp"

namespace gridwall::hub {

using model::DivisionIndex;

std::string alert_topic(const model::DivisionTree& tree, const std::vector<std::string>& codes) {
  DivisionIndex common = codes.empty() ? tree.root() : tree.find(codes.front());
  for (const std::string& code : codes) {
    const DivisionIndex division = tree.find(code);
    if (!division.valid()) common = tree.root();
    while (common.valid() && division.valid() && !tree.is_within(division, common)) common = tree.at(common).parent;
  }
  if (!common.valid()) common = tree.root();
  const model::Division& division = tree.at(common);
  return division.children.size() == 0 ? division.path : division.path + "~";
}

std::uint64_t mask_alert(model::AlertFacts& alert) {
  std::uint64_t count = 0;
  for (std::string* text : {&alert.name, &alert.headline, &alert.description, &alert.instruction}) {
    wire::MaskedText masked = wire::mask_personal(*text);
    count += masked.masked_count;
    *text = std::move(masked.text);
  }
  return count;
}

}  // namespace gridwall::hub
