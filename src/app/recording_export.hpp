// The events of a recording as points: GeoPackage, GeoJSON or CSV by the name's ending. Every file names the recording,
// its period, and that it is a replay. Test: tests/unit/app/recording_test.cpp.
#pragma once

#include <filesystem>

#include "app/recording_verify.hpp"
#include "geo/point_export.hpp"

namespace gridwall::app {

struct ExportRange {
  std::uint64_t first_sequence = 0, last_sequence = 0;
};

// How many events were written. Errors: `out` is there or cannot be written, its ending is unknown, an event does not
// decode; no file is left behind then.
base::Result<std::uint64_t> export_recording(journal::Recording& recording, const ExportRange& range,
                                             const std::filesystem::path& out, const TellProgress& tell);

}  // namespace gridwall::app
