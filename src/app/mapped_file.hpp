// `gridwall send --map`: a foreign file as our events: loads the map by name, maps the file, and tells what came of it.
#pragma once

#include <string>

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "wire/feed_map.hpp"

namespace gridwall::app {

// "nyc311" is config/maps/nyc311.toml; a name with a slash or ".toml" is a file of one's own. Class tables are found in
// config/classes.
base::Result<wire::FeedMap> open_feed_map(const std::string& name);

// "-" is stdin. Errors name the file and the line or record.
base::Result<wire::MappedFeed> map_feed_file(const wire::FeedMap& map, const std::string& file,
                                             const wire::FeedOptions& options);

// Counts, the first skipped records with their place in the file, what was doubtful. `shown_max` records as text.
std::string mapped_feed_text(const wire::MappedFeed& feed, const std::string& file, std::size_t shown_max);
// The same as members of an open object.
void write_mapped_feed(base::JsonWriter& json, const wire::MappedFeed& feed);

// One event a line, as send takes them.
base::Status write_event_lines(const wire::MappedFeed& feed, const std::string& file);

}  // namespace gridwall::app
