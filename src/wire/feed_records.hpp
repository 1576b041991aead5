// Records of a foreign feed, cut down to the fields that the map names. One function for each form. Private to wire.
// Tests: through the feed maps.
#pragma once

#include <set>

#include "wire/feed_map.hpp"

namespace gridwall::wire {

struct FeedRecord {
  std::uint64_t number = 0;
  std::vector<std::string> values;       // as FeedMap::fields; empty: not there. Several values stand in lines.
  std::string defect;                    // why the record cannot be read; empty: it can
  std::optional<model::AlertArea> area;  // of CAP
};

struct FeedRecords {
  std::string_view number_word = "record";
  std::vector<FeedRecord> records;
  std::set<std::string> unknown_members;
  FeedDoubts doubts;
};

base::Result<FeedRecords> read_csv_records(const FeedMap& map, std::string_view text);
base::Result<FeedRecords> read_json_records(const FeedMap& map, std::string_view text, FeedForm form);
base::Result<FeedRecords> read_xml_records(const FeedMap& map, std::string_view text);
base::Result<FeedRecords> read_cap_records(const FeedMap& map, std::string_view text, std::string_view language);

// The part of a path before its first dot; "properties" of "properties.mag".
inline std::string_view first_step(std::string_view path) {
  return path.substr(0, path.find('.'));
}
// Notes a member that no field begins with and that is not dropped on purpose.
void note_member(const FeedMap& map, std::string_view member, FeedRecords& records);

}  // namespace gridwall::wire
