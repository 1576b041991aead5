// What a source's name is: a path on this machine, a path inside GDAL's virtual files, or the connection string of a
// service; and how it may be shown, its password hidden. Pure but for the look whether a path exists.
// Test: tests/unit/geo/data_source_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gridwall::geo {

enum class SourceKind { File, Virtual, Service, Absent };

struct SourceName {
  SourceKind kind = SourceKind::Absent;
  std::string opened;                // for GDAL
  std::string shown;                 // for people
  std::vector<std::string> secrets;  // what `shown` hides
  std::string service_driver;        // GDAL's, of a service
};

// The secrets that a description of a service holds (tk=... in an address), so that no message shows them.
std::vector<std::string> secrets_of(std::string_view text);

// A path that exists wins over any other reading.
SourceName name_source(const std::string& source);

}  // namespace gridwall::geo
