// Which of a layer's fields are the code, the name and the rest: as the caller maps them, else by usual spellings.
// Pure. Test: tests/unit/geo/layer_fields_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/profile.hpp"

namespace gridwall::geo {

// A field as the layer has it. A DBF cuts names to ten bytes, which may hide the end of a usual spelling.
struct FieldName {
  std::string name;  // UTF-8
  bool cut = false;
};

// Positions in the layer; -1: it has none.
struct FieldChoice {
  int code = -1, name = -1, parent = -1, level = -1, kind = -1, area = -1, synthetic = -1;
};

// Fails when the mapping names a field that is not there: the sentence (without the file) lists those that are.
base::Result<FieldChoice> choose_fields(const std::vector<FieldName>& fields, const model::SourceMapping& mapping);

}  // namespace gridwall::geo
