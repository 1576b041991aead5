// Event: a message of the feed, decoded. The JSON form (CloudEvents 1.0, GeoJSON data) is wire's business.
// A publisher's event has only the upper part; the hub adds what it resolved and the place in the sequence.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/division_tree.hpp"
#include "model/incident.hpp"

namespace gridwall::model {

// Allow-listed members of an incident.* event; all optional but the id. Nothing personal has a place here.
struct IncidentFacts {
  std::string incident_id;                 // CloudEvents `subject`; opaque, at most 64 bytes
  std::string class_set;                   // edition of the class codes, e.g. "GB/T 30428.2-2013"
  std::string class_code;                  // "E04.06" event, "C01.06" component: kind, big class, small class
  std::optional<Severity> severity;
  std::string channel;                     // id of config/channels.toml
  std::string department;                  // id or code of the holder
  std::string division_code;               // as the publisher claims it
  std::string crs;                         // of `point`: "EPSG:4326"; never guessed
  std::optional<base::Vec2d> point;        // x = lon or easting, y = lat or northing
  bool operator==(const IncidentFacts&) const = default;
};

// Sources below it are simulators; what they send is shown as simulated, whatever the hub's clock does.
inline constexpr std::string_view kSimulatorSource = "/gridwall/simulator/";

struct Event {
  std::string id;        // CloudEvents `id`: unique within the source
  std::string source;    // CloudEvents `source`
  std::string type;      // "incident.reported" ...
  base::UtcTime occurred_at{};  // CloudEvents `time`: the source's own stamp
  IncidentFacts incident;       // for incident.* types

  // From here on added by the hub.
  std::string division_path;                    // resolved, stored, never computed again; own leaf ends in '~'
  std::string claimed_code;                     // the publisher's division code where it lost
  std::optional<base::Vec2d> point_lonlat;      // EPSG:4326, degrees
  bool out_of_order = false;                    // the lifecycle table forbids it from the state it met
  bool operator==(const Event&) const = default;
};

// An event with its place in the feed. `division` and `point_world` are looked up by the receiver.
struct SequencedEvent {
  Event event;
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};    // the hub's clock when sequenced, never below the last
  base::UtcTime received_at{};   // our own clock
  DivisionIndex division;        // none(): not located; then it counts at `unlocated_in`
  DivisionIndex unlocated_in;    // the division that the code names, or the root
  std::optional<base::Vec2d> point_world;
};

}  // namespace gridwall::model
