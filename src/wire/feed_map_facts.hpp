// One record's facts: its fields through the value tables, the templates and the bounds of our own messages. Private to
// wire. Tests: through the feed maps.
#pragma once

#include "wire/feed_records.hpp"

namespace gridwall::wire {

// Control characters become spaces (line ends stay where `lines`), and it is cut between characters.
std::string clean_text(std::string_view text, std::size_t bytes_max, bool lines, FeedDoubts& doubts);
// Short ids as they are; of a long one the begin and a hash of the whole.
std::string bounded_id(std::string_view text);

class RecordFacts {
 public:
  // Puts the record's values through the tables.
  RecordFacts(const FeedMap& map, FeedRecord& record, FeedDoubts& doubts);

  [[nodiscard]] std::string text(FeedFact fact) const;  // empty: not there
  [[nodiscard]] const std::string& field(std::size_t index) const { return m_record.values[index]; }
  // Read once, so that what is wrong with it is counted once.
  [[nodiscard]] std::optional<FeedTime> time_of_field(std::size_t index) const;
  [[nodiscard]] std::optional<FeedTime> time(FeedFact fact) const;
  // The most advanced of the states that the record names; 0: none.
  [[nodiscard]] int state() const;
  // Why the map does not take this record; empty: it does.
  [[nodiscard]] std::string why_not() const;

  [[nodiscard]] model::IncidentFacts incident(std::string id) const;
  [[nodiscard]] model::AlertFacts alert(std::string id) const;

 private:
  [[nodiscard]] std::optional<FeedTime> read_time(const std::string& text) const;
  [[nodiscard]] std::optional<base::Vec2d> point() const;
  [[nodiscard]] std::optional<model::Severity> severity() const;
  void translate_class(model::IncidentFacts& facts) const;

  const FeedMap& m_map;
  FeedRecord& m_record;
  FeedDoubts& m_doubts;
  mutable std::vector<std::optional<std::optional<FeedTime>>> m_times;  // by field, once asked for
};

}  // namespace gridwall::wire
