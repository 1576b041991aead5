// RecordingFold: a recording's events folded again as the hub folded them, by the rules that stand in the recording
// itself: from the newest keyframe before a place, on to any later one. Where a segment was recorded with another
// configuration, the fold goes on from that segment's own first keyframe. One thread. Test: tests/e2e/recording.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/recording_content.hpp"
#include "hub/ledger.hpp"

namespace gridwall::app {

class RecordingFold {
 public:
  // `recording` must outlive it.
  static base::Result<RecordingFold> open(journal::Recording& recording, model::Language language);

  // The state right after event `sequence` (first_sequence() - 1: before all), from a keyframe where there is one.
  // Error: events before it are missing, and no keyframe stands for them.
  base::Status seek(std::uint64_t sequence);
  // Folds on. `each` sees every record before it is folded, and stops the fold by an error; it may be empty.
  using EachRecord = std::function<base::Status(const journal::Record&)>;
  base::Status fold_through(std::uint64_t sequence, const EachRecord& each = {});

  [[nodiscard]] const hub::Ledger& ledger() const { return *m_ledger; }
  // Timers until then; of a keyframe that was taken later than its last event, or of a moment asked for.
  void advance(base::UtcTime state_time) { m_ledger->advance(state_time); }
  [[nodiscard]] const WallData& data() const { return *m_data; }
  [[nodiscard]] std::size_t segment() const { return m_segment; }
  // As the hub would write it.
  [[nodiscard]] journal::Keyframe keyframe() const;
  // A journal without its beginning has no chains before its first keyframe.
  [[nodiscard]] bool knows_chains() const { return m_knows_chains; }

 private:
  RecordingFold(journal::Recording& recording, model::Language language)
      : m_recording(&recording), m_language(language) {}
  base::Status load_segment(std::size_t segment);
  base::Status restore(const journal::Keyframe& keyframe);
  base::Status enter_segment_of(std::uint64_t sequence);

  journal::Recording* m_recording;
  model::Language m_language;
  std::size_t m_segment = 0;
  bool m_knows_chains = false;
  std::unique_ptr<WallData> m_data;
  std::unique_ptr<hub::Ledger> m_ledger;
  std::vector<journal::Record> m_records;
};

}  // namespace gridwall::app
