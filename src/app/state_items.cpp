#include "app/state_items.hpp"

#include <algorithm>

#include "state/keyframe.hpp"

namespace gridwall::app {

namespace {

bool has_digests(const state::World& world, const feed::Beat& beat) {
  return std::all_of(beat.digests.begin(), beat.digests.end(), [&](const feed::Beat::Digest& one) {
    return one.digest.empty() || one.digest == digest_text(world, one.prefix);
  });
}

}  // namespace

std::string digest_text(const state::World& world, std::string_view prefix) {
  const bool own = prefix.ends_with('~');
  const model::DivisionIndex division = world.tree().find_path(own ? prefix.substr(0, prefix.size() - 1) : prefix);
  if (!division.valid()) return {};
  return fmt::format("{:016x}", own ? world.own_digest(division) : world.digest(division));
}

ItemAnswers fold_items(state::World& world, const std::vector<feed::Item>& items) {
  ItemAnswers answers;
  std::vector<const model::SequencedEvent*> events;
  events.reserve(items.size());
  const auto apply = [&] {
    world.apply(std::span<const model::SequencedEvent* const>(events));
    events.clear();
  };
  for (const feed::Item& item : items) {
    if (const auto* event = std::get_if<model::SequencedEvent>(&item)) {
      events.push_back(event);
      continue;
    }
    apply();
    if (const auto* beat = std::get_if<feed::Beat>(&item)) {
      world.advance_to(beat->state_time);
      answers.beats.push_back({beat->beat, has_digests(world, *beat)});
    } else if (const auto* restore = std::get_if<feed::Restore>(&item)) {
      const std::vector<std::string_view> parts(restore->parts.begin(), restore->parts.end());
      const base::Status restored = state::restore_keyframe(world, restore->head, parts);
      answers.restore_failure = restored.ok() ? "" : restored.error().message;
    } else {
      world.clear();
    }
  }
  apply();
  return answers;
}

void tell(feed::Subscriber& subscriber, const ItemAnswers& answers) {
  if (!answers.restore_failure.empty()) subscriber.restore_failed(answers.restore_failure);
  for (const BeatAnswer& answer : answers.beats) subscriber.answer_beat(answer.beat, answer.equal);
}

}  // namespace gridwall::app
