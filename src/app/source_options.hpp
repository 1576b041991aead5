// The options that say how layers are read and what their fields mean; the same words as a profile's [source].
#pragma once

#include <string>

#include "app/command_line.hpp"
#include "model/source_spec.hpp"

namespace gridwall::app {

struct SourceOptions {
  model::SourceSpec spec;  // its `files` are the command's own
  std::string axes = "xy", parents = "auto";
  std::string code_lengths;  // "6,9,12"
};

// --layer, --where, --encoding, --crs, --axes, --code-field ..., --parents, --code-lengths
void add_source_options(CommandLine& line, SourceOptions& options);

// After parse(). The words were checked there; lengths that do not grow are an error.
base::Result<model::SourceSpec> source_spec(const SourceOptions& options);

}  // namespace gridwall::app
