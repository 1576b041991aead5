#include "hub/alert_intake.hpp"

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
  return model::leaf_of(tree.at(common));
}

}  // namespace gridwall::hub
