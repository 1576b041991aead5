// gridwall recording export: the events of a recording, or of a part of it, as points for a GIS or a spreadsheet.
// Every file says that it comes from a recording, of which district and time. Only what the feed's allow-list has, and
// no free text. Test: tests/unit/app/recording_test.cpp, tests/unit/geo/point_export_test.cpp.
#include "app/recording_export.hpp"

#include <cstdio>
#include <fstream>

#include "app/command_line.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/recording_content.hpp"
#include "app/recording_tools.hpp"
#include "base/json_writer.hpp"
#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "geo/transform.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using geo::PointColumnKind;
using geo::PointValue;

const std::vector<geo::PointColumn>& columns() {
  static const std::vector<geo::PointColumn> all = {{"sequence", PointColumnKind::Integer},
                                                    {"state_time", PointColumnKind::Time},
                                                    {"time", PointColumnKind::Time},
                                                    {"type", PointColumnKind::Text},
                                                    {"id", PointColumnKind::Text},
                                                    {"source", PointColumnKind::Text},
                                                    {"subject", PointColumnKind::Text},
                                                    {"class_code", PointColumnKind::Text},
                                                    {"severity", PointColumnKind::Integer},
                                                    {"channel", PointColumnKind::Text},
                                                    {"department", PointColumnKind::Text},
                                                    {"reason", PointColumnKind::Text},
                                                    {"division", PointColumnKind::Text},
                                                    {"path", PointColumnKind::Text},
                                                    {"out_of_order", PointColumnKind::Integer}};
  return all;
}

PointValue text_value(std::string_view text) {
  return text.empty() ? PointValue() : PointValue(std::string(text));
}

std::vector<PointValue> values_of(const journal::Record& record, const model::Event& event,
                                  const model::DivisionTree& tree) {
  std::string_view path = event.division_path;
  if (path.ends_with('~')) path.remove_suffix(1);
  const model::DivisionIndex division = tree.find_path(path);
  const model::IncidentFacts& facts = event.incident;
  return {static_cast<std::int64_t>(record.sequence),
          base::format_rfc3339(record.state_time),
          base::format_rfc3339(event.occurred_at),
          event.type,
          event.id,
          event.source,
          text_value(facts.incident_id),
          text_value(facts.class_code),
          facts.severity ? PointValue(static_cast<std::int64_t>(*facts.severity) + 1) : PointValue(),
          text_value(facts.channel),
          text_value(facts.department),
          text_value(facts.reason),
          division.valid() ? text_value(tree.at(division).code) : PointValue(),
          event.division_path,
          static_cast<std::int64_t>(event.out_of_order)};
}

// Where rows go.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Status add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values) = 0;
  virtual Status finish() = 0;
};

class GeoPackageSink final : public Sink {
 public:
  explicit GeoPackageSink(geo::PointExport target) : m_target(std::move(target)) {}
  Status add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values) override {
    return m_target.add(lonlat, values);
  }
  Status finish() override { return m_target.finish(); }

 private:
  geo::PointExport m_target;
};

// A file that bears its name only when it is whole.
class TextFile {
 public:
  explicit TextFile(fs::path file) : m_file(std::move(file)), m_part(m_file.string() + ".part") {
    m_stream.open(m_part, std::ios::binary | std::ios::trunc);
  }
  ~TextFile() {
    std::error_code code;
    if (!m_done) fs::remove(m_part, code);
  }
  Status write(std::string_view text) {
    m_stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    return m_stream ? Status() : Status(error());
  }
  Status finish() {
    m_stream.close();
    std::error_code code;
    if (m_stream) fs::rename(m_part, m_file, code);
    if (!m_stream || code) return error();
    m_done = true;
    return {};
  }

 private:
  [[nodiscard]] Error error() const {
    return {ErrorCode::Unreadable, fmt::format("{}: cannot be written; look at the folder's permissions and the space "
                                               "there",
                                               m_file.string())};
  }
  fs::path m_file, m_part;
  std::ofstream m_stream;
  bool m_done = false;
};

void write_value(base::JsonWriter& json, const PointValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    json.value(*number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    json.value(*text);
  } else {
    json.null();
  }
}

void write_metadata(base::JsonWriter& json, const geo::PointTable& table) {
  json.begin_object().field("description", table.description);
  for (const auto& [key, value] : table.metadata) json.field(key, value);
  json.end_object();
}

class GeoJsonSink final : public Sink {
 public:
  GeoJsonSink(const fs::path& file, const geo::PointTable& table) : m_file(file) {
    base::JsonWriter metadata;
    write_metadata(metadata, table);
    m_head = fmt::format("{{\"type\":\"FeatureCollection\",\"name\":\"{}\",\"metadata\":{},\"features\":[", table.name,
                         metadata.text());
  }
  Status add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values) override {
    base::JsonWriter json;
    json.begin_object().field("type", "Feature").key("geometry");
    if (lonlat) {
      json.begin_object().field("type", "Point").key("coordinates").begin_array();
      json.raw(fmt::format("{:.8f}", lonlat->x)).raw(fmt::format("{:.8f}", lonlat->y)).end_array().end_object();
    } else {
      json.null();
    }
    json.key("properties").begin_object();
    for (std::size_t i = 0; i < values.size(); ++i) write_value(json.key(columns()[i].name), values[i]);
    json.end_object().end_object();
    const Status written = m_file.write((m_any ? ",\n" : m_head + "\n") + json.text());
    m_any = true;
    return written;
  }
  Status finish() override {
    TRY(m_file.write(m_any ? "\n]}\n" : m_head + "]}\n"));
    return m_file.finish();
  }

 private:
  TextFile m_file;
  std::string m_head;
  bool m_any = false;
};

std::string csv_cell(const PointValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return {};
  if (text->find_first_of(",\"\r\n") == std::string::npos) return *text;
  std::string quoted = "\"";
  for (const char c : *text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// RFC 4180; what the file is stands in FILE-metadata.json beside it, as the W3C's CSV on the Web names it.
class CsvSink final : public Sink {
 public:
  CsvSink(const fs::path& file, const geo::PointTable& table) : m_file(file), m_metadata_file(file) {
    m_metadata_file += "-metadata.json";
    base::JsonWriter json;
    json.begin_object().field("@context", "http://www.w3.org/ns/csvw").field("url", file.filename().string());
    json.key("dc:description");
    write_metadata(json, table);
    m_metadata = json.end_object().text() + "\n";
    for (const geo::PointColumn& column : columns()) m_head += column.name + ",";
    m_head += "longitude,latitude\r\n";
  }
  Status add(std::optional<base::Vec2d> lonlat, std::span<const PointValue> values) override {
    std::string line = std::exchange(m_head, {});
    for (const PointValue& value : values) line += csv_cell(value) + ",";
    line += lonlat ? fmt::format("{:.8f},{:.8f}\r\n", lonlat->x, lonlat->y) : ",\r\n";
    return m_file.write(line);
  }
  Status finish() override {
    TRY(m_file.write(std::exchange(m_head, {})));
    TRY(base::write_text_file(m_metadata_file, m_metadata));
    return m_file.finish();
  }

 private:
  TextFile m_file;
  fs::path m_metadata_file;
  std::string m_head, m_metadata;
};

Result<std::unique_ptr<Sink>> open_sink(const fs::path& out, const geo::PointTable& table) {
  if (fs::exists(out)) {
    return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", out.string())};
  }
  const std::string ending = out.extension().string();
  if (ending == ".gpkg") {
    TRY_ASSIGN(auto target, geo::PointExport::create(out, table));
    return std::unique_ptr<Sink>(std::make_unique<GeoPackageSink>(std::move(target)));
  }
  if (ending == ".geojson" || ending == ".json")
    return std::unique_ptr<Sink>(std::make_unique<GeoJsonSink>(out, table));
  if (ending == ".csv") return std::unique_ptr<Sink>(std::make_unique<CsvSink>(out, table));
  return Error{ErrorCode::InvalidArgument,
               fmt::format("--out {}: expected a name that ends in .gpkg, .geojson or .csv", out.string())};
}

geo::PointTable table_of(const journal::Recording& recording, const WallData& data, const ExportRange& range,
                         std::span<const base::UtcTime> times) {
  const journal::Identity& identity = recording.identity();
  const std::string begin = base::format_rfc3339(times[0]), end = base::format_rfc3339(times[1]);
  geo::PointTable table{
      "events",
      fmt::format("REPLAY: recorded{} events of {} ({}), {} to {}", identity.simulated ? ", simulated" : "",
                  data.profile.name_en, data.profile.name_zh, begin, end),
      columns(),
      {}};
  table.metadata = {{"source", "gridwall recording export"},
                    {"replay", "yes: recorded events, not live"},
                    {"simulated", identity.simulated ? "yes" : "no"},
                    {"journal", wire::journal_text(identity.journal)},
                    {"profile", identity.profile},
                    {"district", identity.root_path},
                    {"first_sequence", fmt::format("{}", range.first_sequence)},
                    {"last_sequence", fmt::format("{}", range.last_sequence)},
                    {"period_begin", begin},
                    {"period_end", end}};
  return table;
}

}  // namespace

Result<std::uint64_t> export_recording(journal::Recording& recording, const ExportRange& range, const fs::path& out,
                                       const TellProgress& tell) {
  TRY_ASSIGN(const WallData data, load_recorded_data(recording, 0, model::Language::English));
  TRY_ASSIGN(const auto to_lonlat, geo::Transform::create(data.tree->world_crs(), geo::kLonLatCrs));
  TRY_ASSIGN(const base::UtcTime begin, recording.time_of(range.first_sequence));
  TRY_ASSIGN(const base::UtcTime end, recording.time_of(range.last_sequence));
  const base::UtcTime times[] = {begin, end};
  TRY_ASSIGN(const auto sink, open_sink(out, table_of(recording, data, range, times)));
  auto cursor = recording.events_from(range.first_sequence);
  wire::EventDecoder decoder;
  std::vector<journal::Record> records;
  std::uint64_t count = 0;
  const auto span = static_cast<double>(range.last_sequence - range.first_sequence + 1);
  while (cursor.next_sequence() <= range.last_sequence) {
    TRY_ASSIGN(const bool more, cursor.next_chunk(records));
    if (!more) break;
    for (const journal::Record& record : records) {
      if (record.sequence > range.last_sequence) break;
      const auto event = decoder.decode_feed_event(record.body);
      if (!event.ok()) {
        return Error{event.error().code, fmt::format("event {}: {}", record.sequence, event.error().message)};
      }
      std::optional<base::Vec2d> lonlat = event->point_lonlat;
      if (!lonlat && event->point_units) lonlat = to_lonlat.forward(data.tree->to_world(*event->point_units));
      TRY(sink->add(lonlat, values_of(record, *event, *data.tree)));
      ++count;
    }
    tell("exporting", static_cast<double>(count) / span);
  }
  TRY(sink->finish());
  return count;
}

int run_recording_export(const Arguments& arguments) {
  std::vector<std::string> files;
  std::string from, to, out;
  bool json = false;
  CommandLine line("recording export", "Writes the events of a recording as points for a GIS or a spreadsheet",
                   "gridwall recording export storm.gwr --from 2026-07-21T14:00:00+08:00 --out storm.gpkg");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.option("--from", from, "first event: a sequence, a time, or a bookmark's name; else the first of all");
  line.option("--to", to, "last event; else the last of all");
  line.option("--out,-o", out, "a new file: .gpkg, .geojson or .csv", true);
  line.flag("--json", json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  ProgressLine progress;
  const auto count = [&]() -> Result<std::uint64_t> {
    TRY_ASSIGN(auto recording, open_recording(files));
    ExportRange range;
    TRY_ASSIGN(range.first_sequence, first_event_from(recording, from));
    TRY_ASSIGN(range.last_sequence, last_event_until(recording, to));
    return export_recording(recording, range, out,
                            [&](std::string_view step, double share) { progress.tell(step, share); });
  }();
  progress.finish();
  if (!count.ok()) return fail("recording export", count.error());
  if (json) {
    base::JsonWriter text;
    text.begin_object().field("file", out).field("events", *count).end_object();
    print_out(text.text() + "\n");
  } else {
    print_out(fmt::format("{}: {} events\n", out, *count));
  }
  return 0;
}

}  // namespace gridwall::app
