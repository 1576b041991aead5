// FeedMap: how the records of a foreign feed become our events, as config/maps/<name>.toml says it. A map names every
// member that it reads; nothing else of a record is ever copied, so that nothing personal can pass by accident.
// Mapping is pure: the same bytes give the same events with the same ids, whenever and however often they are mapped.
// Tests: tests/unit/wire/feed_map_test.cpp and one for each shipped map; tests/fuzz/feed_map_fuzz.cpp. Form: README.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "model/config_table.hpp"
#include "model/event.hpp"
#include "wire/feed_times.hpp"

namespace gridwall::wire {

// Geojson is Json whose records are the features; Eido is Json whose references are followed. A map may take two forms
// (Open311 is JSON or XML); the first byte that is no white space tells which it is.
enum class FeedForm : std::uint8_t { Csv, Json, Xml, Geojson, Cap, Eido };
enum class FeedKind : std::uint8_t { Incident, Alert };

// One value of a record under the map's own name for it.
struct FeedField {
  std::string name;
  std::vector<std::string> from;              // column, member path or element path; the first that gives a text counts
  std::map<std::string, std::string> values;  // the feed's word -> ours; empty: taken as it is
  std::optional<std::string> otherwise;       // for a word that is not in `values`; none: left out and counted
};

// "{kind}{main:02}.{sub:02}": fields in braces, filled up with zeros where a width is given.
struct FeedTemplate {
  struct Part {
    std::string text;  // literal, where there is no field
    std::optional<std::size_t> field;
    std::size_t width = 0;
  };
  std::vector<Part> parts;
};

enum class FeedFact : std::uint8_t {
  Id,
  Updated,
  State,  // of both kinds
  Class,
  Channel,
  Department,
  Severity,
  Division,
  X,
  Y,
  Condition,
  Limit,  // of incidents
  Status,
  Category,
  Name,
  Urgency,
  Certainty,
  Effective,
  Onset,
  Expires,
  Headline,
  Description,
  Instruction,
  Code,
  RadiusKm,
  Aliases,
  References,  // of alerts, with Severity, X and Y
};
inline constexpr std::size_t kFeedFactCount = 27;
std::string_view feed_fact_word(FeedFact fact);  // "radius_km"

// What one record yields, in the order of business.
struct FeedEventSpec {
  std::string type;
  std::vector<std::size_t> at;       // fields; the first that holds a time
  std::vector<std::size_t> else_at;  // the same, where `at` is empty and the record itself says that it has happened:
  std::vector<int> implied_by;       // by its state,
  std::optional<std::size_t> implied_when;  // or by a field that is one of these words
  std::vector<std::string> implied_is;
  std::vector<int> states;  // only of records in these states; empty: of all
  std::optional<std::size_t> when_field;
  std::vector<std::string> when_is;  // only of records where that field is one of these
  std::optional<std::size_t> deadline, resume_at;
  std::string reason;
  bool mark = false;  // beside the steps: its time is not compared with theirs
  bool once = false;  // its id leaves the time out: at most one for a record, ever
};

struct FeedMap {
  std::string name, source;
  FeedKind kind = FeedKind::Incident;
  std::vector<FeedForm> forms;
  std::string records;                    // JSON: path of the array; empty: the whole text
  std::string element;                    // XML: name of a record's element
  std::vector<std::string> components;    // EIDO: arrays of the root whose members may be referred to
  std::vector<std::string> geocodes;      // CAP: value names of geocodes that are division codes
  std::vector<std::string> dropped;       // known and not read, on purpose
  std::vector<std::string> placeholders;  // "x,y" that the feed writes where it has no place
  base::TimeZone zone;
  std::vector<FeedTimeForm> times;
  std::string class_set, crs;
  std::map<std::string, std::string> class_table;  // our class by theirs; empty: taken as it is, in `class_set`
  std::string class_table_set;                     // the edition of what the table gives
  std::vector<FeedField> fields;
  std::array<std::vector<FeedTemplate>, kFeedFactCount> facts;  // the first whose fields are all there
  std::vector<FeedFact> required;                               // a record without one is skipped
  std::map<std::size_t, std::vector<std::string>> only;         // by field: records with another word are skipped
  std::chrono::hours lifetime{0};                               // of alerts that name no end; 0: without end
  std::vector<FeedEventSpec> events;

  [[nodiscard]] std::optional<std::size_t> field_index(std::string_view field) const;
};

// `class_table`: the table that the map names with class_table, opened by the caller; null where it names none.
base::Result<FeedMap> read_feed_map(const model::ConfigTable& file, const model::ConfigTable* class_table);
// The name that the map's file gives, so that the caller can open it first; empty: none.
base::Result<std::string> class_table_name(const model::ConfigTable& file);

// What was wrong with records that were mapped all the same.
enum class FeedDoubt : std::uint8_t {
  AmbiguousTime,      // local readings that happened twice (clocks set back)
  SkippedTime,        // local readings that never happened (clocks set forward)
  UnreadableTime,     // left out
  BackwardTime,       // events whose time lies before that of an earlier step: closed before created
  UtcLetter,          // "Z" where the form asks for an offset
  StateWithoutTime,   // the record's state asks for an event that has no time
  UnknownValue,       // words that are in no table
  UntranslatedClass,  // kept under their own edition
  UnusablePoint,      // placeholders, (0,0), half a point
  UnreadableArea,     // polygons and circles
  TextCut,
  Superseded,     // older versions of a record in the same file
  MergedRecord,   // records that name each other as one
  RepeatedEvent,  // the same event twice in the file
};
inline constexpr std::size_t kFeedDoubtCount = 14;
std::string_view feed_doubt_word(FeedDoubt doubt);  // "ambiguous_time"

struct FeedDoubts {
  std::array<std::uint64_t, kFeedDoubtCount> counts{};
  void add(FeedDoubt doubt) { ++counts[static_cast<std::size_t>(doubt)]; }
  [[nodiscard]] std::uint64_t of(FeedDoubt doubt) const { return counts[static_cast<std::size_t>(doubt)]; }
};

struct MappedEvent {
  model::Event event;
  std::uint64_t record_number = 0;
};
struct SkippedRecord {
  std::uint64_t record_number = 0;
  std::string reason;  // names members, never their content
};
struct MappedFeed {
  std::string_view number_word;  // what a record number counts: "line" or "record"
  std::uint64_t record_count = 0, skipped_count = 0;
  std::vector<MappedEvent> events;     // by time; of one record always in the order of business
  std::vector<SkippedRecord> skipped;  // the first kSkippedKept
  FeedDoubts doubts;
  std::vector<std::string> unknown_members;  // neither read nor listed as dropped, by name; the first 100
};
inline constexpr std::size_t kSkippedKept = 1000;
inline constexpr std::size_t kFeedBytesMax = std::size_t{256} << 20;

struct FeedOptions {
  std::string language = "zh";  // of a CAP message that has several
};
// Errors are one sentence that names a line or record, but not the file.
base::Result<MappedFeed> map_feed(const FeedMap& map, std::string_view bytes, const FeedOptions& options = {});

}  // namespace gridwall::wire
