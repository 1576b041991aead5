// NamePair: a short text in the wall's two languages.
#pragma once

#include <string>

namespace gridwall::model {

struct NamePair {
  std::string zh, en;
  bool operator==(const NamePair&) const = default;
};

}  // namespace gridwall::model
