// HistoryWriter: events of the past become a recording without a hub: the same intake, the same fold, one .gwr file.
// State time is the largest event time so far, so nothing is too old, and every key is kept.
// Test: tests/e2e/journal/import_and_replay.py.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "app/wall_data.hpp"
#include "hub/intake.hpp"
#include "journal/writer.hpp"

namespace gridwall::app {

struct HistoryOptions {
  std::string profile_name;                // as load_wall_data had it
  bool simulated = false;                  // written into the recording
  base::UtcTime begins_at{};               // what happened before has this state time
  std::uint64_t keyframe_events = 50'000;  // between two keyframes: fewer make a smaller file and slower seeks
};

class HistoryWriter {
 public:
  // Error: the file is there already, or cannot be written.
  static base::Result<HistoryWriter> create(const std::filesystem::path& recording, const WallData& data,
                                            const HistoryOptions& options);

  // Goes on at the end of a whole one that create() made, of the same district.
  static base::Result<HistoryWriter> go_on(const std::filesystem::path& recording, const WallData& data,
                                           const HistoryOptions& options);

  // One message as a publisher sends it: an event or an array; or the events that it would hold. Error: of writing; a
  // refusal is kept, see refusal().
  base::Status take(std::string_view message);
  base::Status take(std::span<model::Event> events);  // taken out of it
  // At the last event that happened until then; after it. Error: of writing, or there is none.
  base::Status bookmark(const std::string& name);
  // The last keyframe; the file is whole.
  base::Status finish();

  [[nodiscard]] const std::string& refusal() const { return m_refusal; }  // the first; empty: none
  [[nodiscard]] const hub::IntakeCounters& counters() const { return m_intake.counters(); }
  [[nodiscard]] std::uint64_t last_sequence() const { return m_writer.last_sequence(); }

 private:
  HistoryWriter(hub::Intake intake, journal::Writer writer, std::uint64_t keyframe_events)
      : m_intake(std::move(intake)), m_writer(std::move(writer)), m_keyframe_events(keyframe_events) {}
  static base::Result<HistoryWriter> open(const std::filesystem::path& recording, const WallData& data,
                                          const HistoryOptions& options);
  base::Status keep(const hub::IntakeResult& taken);
  base::Status write(const hub::FeedBatch& batch);

  hub::Intake m_intake;
  journal::Writer m_writer;
  std::uint64_t m_keyframe_events;
  std::uint64_t m_committed_at = 0, m_keyframe_at = 0;
  std::string m_refusal;
  std::vector<journal::Record> m_records;
  std::vector<journal::DedupeKey> m_keys;
};

}  // namespace gridwall::app
