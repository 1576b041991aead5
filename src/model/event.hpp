// Event: a message of the feed, decoded. The JSON form (CloudEvents 1.0, GeoJSON data) is wire's business.
// A publisher's event has only the upper part; the hub adds what it resolved and the place in the sequence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.hpp"
#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/division_tree.hpp"
#include "model/incident.hpp"
#include "model/register.hpp"

namespace gridwall::model {

// Allow-listed members of an incident.* event; all optional but the id. Nothing personal has a place here.
struct IncidentFacts {
  std::string incident_id;  // CloudEvents `subject`; opaque, at most 64 bytes
  std::string class_set;    // edition of the class codes, e.g. "GB/T 30428.2-2013"
  std::string class_code;   // "E04.06" event, "C01.06" component: kind, big class, small class
  std::optional<Severity> severity;
  std::string channel;               // id of config/channels.toml
  std::string department;            // id or code of the holder
  std::string division_code;         // as the publisher claims it
  std::string crs;                   // of `point`: "EPSG:4326"; never guessed
  std::optional<base::Vec2d> point;  // x = lon or easting, y = lat or northing

  // What single steps of the lifecycle carry; see model/lifecycle.hpp.
  std::string condition{};                   // filing condition (立案条件) number
  std::string limit{};                       // as the source says it: "2uh"; wins over the district's table
  std::optional<base::UtcTime> deadline{};   // as the source says it; wins over any limit
  std::string reason{};                      // a word of a list, [a-z0-9_]; never free text
  std::optional<bool> approved{};            // an extension's or appeal's decision
  std::optional<base::UtcTime> resume_at{};  // end of a suspension
  std::string duplicate_of{};                // incident id
  std::optional<int> solved_level{};         // depth of the division that solved it, 0 the root
  std::optional<bool> satisfied{};           // a follow-up's answer
  bool command = false;                      // a desk asks for it: judged strictly, where a fact is only flagged
  // Of a command: the sequence of the incident's last event as the desk knew it; another one since: conflict.
  std::optional<std::uint64_t> if_version{};
  bool operator==(const IncidentFacts&) const = default;
};

// An outside alert (CAP 1.2 and what is mapped to it): alert.raised with everything, alert.cleared with its id.
enum class AlertStatus : std::uint8_t { Actual, Exercise, Test };
struct AlertArea {
  std::vector<std::vector<base::Vec2d>> polygons_lonlat;  // closed rings, EPSG:4326
  struct Circle {
    base::Vec2d center_lonlat;
    double radius_km = 0;
    bool operator==(const Circle&) const = default;
  };
  std::vector<Circle> circles;
  std::vector<std::string> codes;  // division codes
  bool operator==(const AlertArea&) const = default;
};
struct AlertFacts {
  std::string alert_id;  // `subject`
  AlertStatus status = AlertStatus::Actual;
  std::string category, name;  // "Met"; what happens: "rainstorm", the issuer's word
  Severity severity = Severity::Minor;
  std::string urgency, certainty;
  std::optional<base::UtcTime> effective_at, onset_at, expires_at;
  std::string headline, description, instruction;  // the only free text there is; masked by the hub
  AlertArea area;
  bool operator==(const AlertFacts&) const = default;
};

// Sources below it are simulators; what they send is shown as simulated, whatever the hub's clock does.
inline constexpr std::string_view kSimulatorSource = "/gridwall/simulator/";

// What the hub itself says: facts that cross divisions, and the two halves of a move. From nobody else.
inline constexpr std::string_view kHubSource = "/gridwall/hub";
inline constexpr std::string_view kDerivedValue = "derived.value";
inline constexpr std::string_view kMovedOut = "incident.moved_out";
inline constexpr std::string_view kMovedIn = "incident.moved_in";
constexpr bool is_hub_type(std::string_view type) {
  return type == kDerivedValue || type == kMovedOut || type == kMovedIn;
}

struct Event {
  std::string id;                      // CloudEvents `id`: unique within the source
  std::string source;                  // CloudEvents `source`
  std::string type;                    // "incident.reported" ...
  base::UtcTime occurred_at{};         // CloudEvents `time`: the source's own stamp
  IncidentFacts incident;              // for incident.* types; the id is the envelope's subject for all types
  base::Boxed<AlertFacts> alert{};     // for alert.* types
  base::Boxed<RegisterFacts> entry{};  // for site.status, metric.value, task.step and notice.posted

  // From here on added by the hub.
  std::string division_path;                // resolved, stored, never computed again; own leaf ends in '~'
  std::string claimed_code;                 // the publisher's division code where it lost
  std::optional<base::Vec2d> point_lonlat;  // EPSG:4326, degrees
  std::optional<base::Vec2i> point_units;   // the same in units of the hub's tree; what its digests count with
  bool out_of_order = false;                // the lifecycle table forbids it from the state it met
  // Of derived.value events, which the hub makes itself (facts that cross divisions): "recurrence",
  // "suspected_duplicate".
  std::string derived_name{};
  std::int64_t derived_value = 0;
  // Of incident.moved_in, which the hub makes itself: the whole case as state/keyframe writes it.
  std::string moved_case{};
  bool operator==(const Event&) const = default;
};

// As a new one, but its texts keep their memory: who reads a million events allocates as for one.
void make_empty(Event& event);

// An event with its place in the feed. `division` and `point_world` are looked up by the receiver.
struct SequencedEvent {
  Event event;
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};   // the hub's clock when sequenced, never below the last
  base::UtcTime received_at{};  // our own clock
  DivisionIndex division;       // none(): not located; then it counts at `unlocated_in`
  DivisionIndex unlocated_in;   // the division that the code names, or the root
  std::optional<base::Vec2d> point_world;
};

}  // namespace gridwall::model
