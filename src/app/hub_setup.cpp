#include "app/hub_setup.hpp"

namespace gridwall::app {

void add_door_options(CommandLine& line, HubDoors& doors) {
  line.option("--requests", doors.requests, "where publishers, walls and 'gridwall ctl' ask; port * for any");
  line.option("--feed", doors.feed, "where walls and listeners subscribe; port * for any");
  line.option("--sync", doors.sync, "where walls fetch snapshots and what they missed; port * for any");
  line.integer("--feed-queue", doors.feed_queue_mib, 2, 65'536,
               "MiB kept for each wall that does not read; above, it loses events and fetches them again");
  add_hub_security_options(line, doors.security);
}

hub::HubOptions hub_options(const WallData& data) {
  hub::HubOptions options;
  options.profile_id = data.profile.id;
  options.tree = data.tree;
  options.vocabulary = data.vocabulary;
  options.rules = data.rules;
  options.rules_hash = data.rules_hash;
  return options;
}

hub::HubOptions hub_options(const WallData& data, const HubDoors& doors) {
  hub::HubOptions options = hub_options(data);
  options.requests_endpoint = doors.requests;
  options.feed_endpoint = doors.feed;
  options.sync_endpoint = doors.sync;
  options.feed_queue.bytes = static_cast<std::size_t>(doors.feed_queue_mib) << 20;
  options.key_folder = doors.security.keys;
  options.insecure = doors.security.insecure;
  options.audit_folder = doors.security.audit;
  return options;
}

}  // namespace gridwall::app
