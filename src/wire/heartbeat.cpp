#include "wire/heartbeat.hpp"

#include "base/json_writer.hpp"
#include "wire/constants.hpp"
#include "wire/message_fields.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {

void write_start(base::JsonWriter& json, const JournalId& journal, std::uint64_t epoch) {
  json.begin_object().field("v", kProtocolVersion);
  json.field("journal", journal_text(journal)).field("epoch", hex_text(epoch));
}

void check_version(FieldReader& fields) {
  if (fields.count("v") != kProtocolVersion) fields.fail("v", "1, the version understood; use the hub's release");
}

}  // namespace

std::string_view clock_mode_word(model::ClockMode mode) {
  switch (mode) {
    case model::ClockMode::Live: return "live";
    case model::ClockMode::Simulated: return "simulated";
    case model::ClockMode::Replay: return "replay";
  }
  return "live";
}

std::string encode_heartbeat(const Heartbeat& heartbeat) {
  base::JsonWriter json;
  write_start(json, heartbeat.journal, heartbeat.epoch);
  json.field("prefix", heartbeat.prefix).field("last_sequence", heartbeat.last_sequence);
  json.field("feed_sequence", heartbeat.feed_sequence);
  json.field("digest", heartbeat.digest).field("durable_through", heartbeat.durable_through);
  json.field("tree", hex_text(heartbeat.tree_hash)).field("rules", hex_text(heartbeat.rules_hash));
  write_clock(json, heartbeat.clock);
  json.end_object();
  return json.take();
}

base::Result<Heartbeat> decode_heartbeat(std::string_view payload) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, payload, "heartbeat"));
  FieldReader fields(object, "heartbeat");
  check_version(fields);
  Heartbeat heartbeat;
  heartbeat.prefix = fields.text("prefix");
  if (!is_prefix(heartbeat.prefix)) fields.fail("prefix", "a path or an own leaf");
  heartbeat.journal = fields.journal("journal");
  heartbeat.epoch = fields.hex("epoch");
  heartbeat.last_sequence = fields.count("last_sequence");
  heartbeat.feed_sequence = fields.count_or_zero("feed_sequence");
  heartbeat.digest = fields.text("digest");
  heartbeat.durable_through = fields.count("durable_through");
  heartbeat.tree_hash = fields.hex("tree");
  heartbeat.rules_hash = fields.hex_or_zero("rules");
  heartbeat.clock = fields.clock();
  TRY(fields.status());
  return heartbeat;
}

std::string encode_clock_beacon(const ClockBeacon& beacon) {
  base::JsonWriter json;
  write_start(json, beacon.journal, beacon.epoch);
  write_clock(json, beacon.clock);
  json.end_object();
  return json.take();
}

base::Result<ClockBeacon> decode_clock_beacon(std::string_view payload) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, payload, "clock beacon"));
  FieldReader fields(object, "clock beacon");
  check_version(fields);
  ClockBeacon beacon;
  beacon.journal = fields.journal("journal");
  beacon.epoch = fields.hex("epoch");
  beacon.clock = fields.clock();
  TRY(fields.status());
  return beacon;
}

}  // namespace gridwall::wire
