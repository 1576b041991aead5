#include "app/source_options.hpp"

#include <algorithm>
#include <charconv>

namespace gridwall::app {

void add_source_options(CommandLine& line, SourceOptions& options) {
  model::SourceReading& reading = options.spec.reading;
  model::SourceMapping& mapping = options.spec.mapping;
  line.option("--layer", reading.layers, "read this layer of the files only (may be repeated)");
  line.option("--where", reading.where, "take only features for which this holds, for example \"level >= 2\"");
  line.option("--encoding", reading.encoding, "encoding of the files' text, for example GB18030 (else as they say)");
  line.option(
      "--crs", reading.crs,
      "coordinate system, where the files state none or a wrong one: EPSG:4490, GCJ-02, BD-09, a PROJ pipeline");
  line.choice("--axes", options.axes, {"xy", "yx"}, "what comes first in the files: x (easting, longitude) or y");
  line.option("--code-field", mapping.code_field, "field of the division's code (else found by its usual names)");
  line.option("--name-field", mapping.name_field, "field of its name");
  line.option("--parent-field", mapping.parent_field, "field of its parent's code");
  line.option("--level-field", mapping.level_field, "field of its level");
  line.option("--area-field", mapping.area_field, "field of its stated area, to be compared with the computed one");
  line.number("--area-unit", mapping.area_unit_m2, 1e-6, 1e12, "one unit of the stated area in m² (1 mu: 666.6667)");
  line.choice("--parents", options.parents, {std::begin(model::kParentWords), std::end(model::kParentWords)},
              "how parents are found");
  line.option("--code-lengths", options.code_lengths, "lengths of the codes by level, the root's first: 6,9,12,15");
}

namespace {

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

base::Result<model::SourceSpec> source_spec(const SourceOptions& options) {
  using base::Error;
  using base::ErrorCode;
  model::SourceSpec spec = options.spec;
  spec.reading.axes = model::axis_order_word(options.axes).value_or(model::AxisOrder::Xy);
  spec.mapping.parent_by = model::parent_by_word(options.parents).value_or(model::ParentBy::Auto);
  for (const std::string& text : split_at_commas(options.code_lengths)) {
    std::uint32_t length = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    const auto& before = spec.mapping.code_lengths;
    if (!whole || length < 1 || length > 64 || (!before.empty() && length <= before.back())) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--code-lengths {}: growing lengths from 1 to 64 are expected, the root's first", text)};
    }
    spec.mapping.code_lengths.push_back(length);
  }
  if (spec.mapping.parent_by == model::ParentBy::CodeLengths && spec.mapping.code_lengths.empty()) {
    return Error{ErrorCode::InvalidArgument, "--parents lengths: say them with --code-lengths, for example 6,9,12"};
  }
  return spec;
}

}  // namespace gridwall::app
