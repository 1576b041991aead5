#include "app/storm_recording.hpp"

#include "app/history_writer.hpp"
#include "app/made_recording.hpp"
#include "app/progress_line.hpp"
#include "app/simulated_district.hpp"
#include "base/text_file.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Result;
using base::Status;

namespace {

// Counts up when a recording made by an older program would be another one.
constexpr int kStormVersion = 2;

class StormRecorder {
 public:
  StormRecorder(const WallData& data, const model::StormDay& storm, model::Language language)
      : m_data(data), m_storm(storm), m_chinese(language == model::Language::Chinese) {}

  Status write(const fs::path& file, const std::string& profile_name) {
    SimulationChoice choice;
    choice.storm = m_storm;
    TRY_ASSIGN(sim::Simulator simulator, make_simulator(m_data, choice));
    TRY_ASSIGN(HistoryWriter writer,
               HistoryWriter::create(file, m_data, {profile_name, true, at(std::chrono::minutes(0))}));
    ProgressLine progress;
    // What earlier days left open comes first.
    TRY(put(writer, simulator.begin(at(std::chrono::minutes(0)))));
    constexpr std::chrono::minutes kStep(5);
    for (std::chrono::minutes minute(0); minute < std::chrono::hours(24); minute += kStep) {
      progress.tell("recording a storm day", static_cast<double>(minute.count()) / (24 * 60));
      TRY(put(writer, simulator.advance(at(minute))));
      TRY(put_due_warnings(writer, minute, kStep));
      for (const model::StormDay::Bookmark& bookmark : m_storm.bookmarks) {
        const bool is_due = bookmark.at >= minute && bookmark.at < minute + kStep;
        if (!is_due) continue;
        TRY(put(writer, simulator.advance(at(bookmark.at))));
        TRY(writer.bookmark(m_chinese ? bookmark.name_zh : bookmark.name_en));
      }
    }
    TRY(put(writer, simulator.advance(at(std::chrono::hours(24)))));
    progress.finish();
    if (!writer.refusal().empty()) {
      return base::Error{base::ErrorCode::Malformed,
                         fmt::format("{}: the generated day was refused: {}", file.string(), writer.refusal())};
    }
    return writer.finish();
  }

 private:
  [[nodiscard]] base::UtcTime at(std::chrono::minutes minutes) const {
    return m_data.profile.zone.from_local(base::LocalInstant(m_storm.day) + minutes).utc;
  }

  static Status put(HistoryWriter& writer, std::vector<model::Event> events) { return writer.take(std::span(events)); }

  Status put_due_warnings(HistoryWriter& writer, std::chrono::minutes from, std::chrono::minutes step) {
    for (std::size_t i = 0; i < m_storm.warnings.size(); ++i) {
      const model::StormDay::Warning& warning = m_storm.warnings[i];
      if (warning.until >= from && warning.until < from + step) {
        TRY(put(writer, {alert_event("alert.cleared", i, at(warning.until))}));
      }
      if (warning.at >= from && warning.at < from + step) {
        TRY(put(writer, {alert_event("alert.raised", i, at(warning.at))}));
      }
    }
    return {};
  }

  [[nodiscard]] model::Event alert_event(std::string_view type, std::size_t i, base::UtcTime time) const {
    const model::StormDay::Warning& warning = m_storm.warnings[i];
    model::Event event;
    event.source = std::string(model::kSimulatorSource) + m_data.profile.id + "/weather";
    event.type = type;
    event.occurred_at = time;
    event.incident.incident_id = fmt::format("storm-{}", i + 1);
    event.id = fmt::format("{}-{}", event.incident.incident_id, type);
    if (type == "alert.raised") {
      model::AlertFacts facts;
      facts.alert_id = event.incident.incident_id;
      facts.status = model::AlertStatus::Exercise;  // no weather office said this
      facts.category = "Met";
      facts.name = facts.headline = m_chinese ? warning.name_zh : warning.name_en;
      facts.severity = warning.severity;
      facts.effective_at = time;
      facts.expires_at = at(warning.until);
      facts.area.codes = {std::string(m_data.tree->at(m_data.tree->root()).code)};
      event.alert = std::move(facts);
    }
    return event;
  }

  const WallData& m_data;
  const model::StormDay& m_storm;
  bool m_chinese;
};

}  // namespace

Result<fs::path> ensure_storm_recording(const WallData& data, const std::string& profile_name,
                                        const model::StormDay& storm, model::Language language) {
  TRY_ASSIGN(const std::string config, base::read_text_file(data.root / "config" / "storm.toml"));
  const std::string ingredients =
      fmt::format("{}\n{}\n{:016x}\n{:016x}\n{}\n{}", kStormVersion, profile_name, data.tree->content_hash(),
                  data.rules_hash, static_cast<int>(language), config);
  const std::string name = recording_name("storm-" + data.profile.id, ingredients) + ".gwr";
  return ensure_recording(
      name, [&](const fs::path& made) { return StormRecorder(data, storm, language).write(made, profile_name); });
}

}  // namespace gridwall::app
