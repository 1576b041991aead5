#include "app/event_file.hpp"

#include "app/event_lines.hpp"
#include "hub/intake.hpp"

namespace gridwall::app {

base::Result<EventFileResult> fold_event_file(const std::filesystem::path& file, const WallData& data,
                                              std::optional<base::UtcTime> until) {
  hub::IntakeOptions options;
  options.ledger = {data.tree, data.vocabulary, data.rules, {}, 1};
  options.is_history = true;
  TRY_ASSIGN(auto intake, hub::Intake::create(std::move(options)));
  EventFileResult result;
  const auto refused = [&](const EventLine& line, std::string_view why) {
    if (result.first_refusal.empty()) result.first_refusal = fmt::format("{}:{}: {}", file.string(), line.number, why);
  };
  const base::Status read = for_each_event_line(file, "reading events", [&](const EventLine& line) -> base::Status {
    if (line.too_long) {
      ++result.refused_count;
      refused(line, "larger than one message may be");
      return {};
    }
    const hub::IntakeResult taken = intake.take_history(line.text, until);
    for (const wire::Answer& answer : taken.answers) {
      if (answer.status == wire::AnswerStatus::Refused) refused(line, answer.reason + ": " + answer.detail);
    }
    for (const model::SequencedEvent& sequenced : taken.batch.events) {
      const base::UtcTime at = sequenced.event.occurred_at;
      if (result.events_begin == base::UtcTime{} || at < result.events_begin) result.events_begin = at;
    }
    return {};
  });
  TRY(read);
  const std::shared_ptr<state::World> world = intake.ledger().shared_world();
  if (until) world->advance_to(*until);
  result.accepted_count = intake.counters().accepted_count;
  result.refused_count += intake.counters().refused_count;
  result.snapshot = world->freeze();
  result.world = world;
  return result;
}

}  // namespace gridwall::app
