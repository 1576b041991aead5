// Events drawn at random: whatever the wire can carry of an incident. The same seed draws the same.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {

inline std::string some_text(base::Random& random, std::size_t bytes_max) {
  static constexpr std::string_view kPieces[] = {"a",  "Z", "0",  "\"", "\\", "/", "井",
                                                 "盖", "é", "𠮷", " ",  "{",  "~", "'"};
  std::string text = "x";
  const std::size_t count = random.next_below(30);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view piece = kPieces[random.next_below(std::size(kPieces))];
    if (text.size() + piece.size() <= bytes_max) text += piece;
  }
  return text;
}

inline std::string maybe_text(base::Random& random, std::size_t bytes_max) {
  return random.next_below(3) == 0 ? std::string() : some_text(random, bytes_max);
}

inline std::optional<base::UtcTime> maybe_time(base::Random& random) {
  if (random.next_below(2) == 0) return std::nullopt;
  return base::UtcTime(base::Duration(static_cast<std::int64_t>(random.next_below(7'000'000'000'000'000'000u))));
}

inline std::optional<bool> maybe_truth(base::Random& random) {
  const auto drawn = random.next_below(3);
  return drawn == 2 ? std::nullopt : std::optional(drawn == 1);
}

inline void draw_step_facts(base::Random& random, model::IncidentFacts& facts) {
  facts.condition = maybe_text(random, 64);
  facts.limit = maybe_text(random, 16);
  facts.deadline = maybe_time(random);
  if (random.next_below(2) == 0) facts.reason = "not_ours_2";
  facts.approved = maybe_truth(random);
  facts.resume_at = maybe_time(random);
  facts.duplicate_of = maybe_text(random, 64);
  if (random.next_below(2) == 0) facts.solved_level = static_cast<int>(random.next_below(16));
  facts.satisfied = maybe_truth(random);
  facts.command = random.next_below(2) == 0;
}

inline model::Event some_event(base::Random& random) {
  model::Event event;
  event.id = some_text(random, 128);
  event.source = some_text(random, 128);
  event.type = "incident." + some_text(random, 64);
  constexpr std::int64_t kNanosecondsFrom1970To2199 = 7'226'582'400'000'000'000;
  auto ns = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(kNanosecondsFrom1970To2199)));
  if (random.next_below(2) == 0) ns -= ns % 1'000'000;
  event.occurred_at = base::UtcTime(base::Duration(ns));
  model::IncidentFacts& facts = event.incident;
  facts.incident_id = some_text(random, 64);
  facts.class_set = maybe_text(random, 64);
  facts.class_code = maybe_text(random, 64);
  facts.channel = maybe_text(random, 64);
  facts.department = maybe_text(random, 128);
  facts.division_code = maybe_text(random, 64);
  if (random.next_below(2) == 0) facts.severity = static_cast<model::Severity>(1 + random.next_below(4));
  if (random.next_below(2) == 0) {
    facts.crs = "EPSG:4528";
    facts.point = base::Vec2d{random.next_between(-4e7, 4e7), random.next_between(-1e-7, 1e-7)};
  }
  draw_step_facts(random, facts);
  event.division_path = random.next_below(2) == 0 ? "320281/001/" : "320281/~";
  event.claimed_code = maybe_text(random, 64);
  event.out_of_order = random.next_below(4) == 0;
  if (facts.point) event.point_lonlat = base::Vec2d{random.next_between(-180, 180), random.next_between(-90, 90)};
  return event;
}

}  // namespace gridwall::wire
