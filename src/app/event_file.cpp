#include "app/event_file.hpp"

#include <algorithm>

#include "base/text_file.hpp"
#include "hub/intake.hpp"

namespace gridwall::app {

namespace {

class EventFileFold {
 public:
  explicit EventFileFold(hub::Intake intake) : m_intake(std::move(intake)) {}

  // One line: an event, or an array of them, which the intake takes whole.
  void take_line(std::string_view line, std::optional<base::UtcTime> until) {
    base::UtcTime time = m_state_time;
    for (const wire::Element& element : wire::decode_events(line).elements) {
      if (const auto* event = std::get_if<model::Event>(&element)) {
        if (until && event->occurred_at > *until) return;
        time = std::max(time, event->occurred_at);
      }
    }
    m_state_time = time;
    const hub::IntakeResult taken = m_intake.take(line, time, base::MonoTime{});
    for (const wire::Answer& answer : taken.answers) {
      if (answer.status == wire::AnswerStatus::Refused && m_first_refusal.empty()) {
        m_first_refusal = fmt::format("{}: {}", answer.reason, answer.detail);
      }
    }
    for (const model::SequencedEvent& sequenced : taken.batch.events) {
      const base::UtcTime at = sequenced.event.occurred_at;
      if (m_events_begin == base::UtcTime{} || at < m_events_begin) m_events_begin = at;
    }
  }

  [[nodiscard]] std::shared_ptr<state::World> world() const { return m_intake.ledger().shared_world(); }
  [[nodiscard]] const hub::IntakeCounters& counters() const { return m_intake.counters(); }
  [[nodiscard]] base::UtcTime events_begin() const { return m_events_begin; }
  [[nodiscard]] const std::string& first_refusal() const { return m_first_refusal; }

 private:
  hub::Intake m_intake;
  base::UtcTime m_state_time{};
  base::UtcTime m_events_begin{};
  std::string m_first_refusal;
};

}  // namespace

base::Result<EventFileResult> fold_event_file(const std::filesystem::path& file, const WallData& data,
                                              std::optional<base::UtcTime> until) {
  TRY_ASSIGN(const std::string text, base::read_text_file(file));
  hub::IntakeOptions options;
  options.ledger = {data.tree, data.vocabulary, data.rules, {}, 1};
  TRY_ASSIGN(auto intake, hub::Intake::create(std::move(options)));
  EventFileFold fold(std::move(intake));
  EventFileResult result;
  std::size_t line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    fold.take_line(line, until);
    if (result.first_refusal.empty() && !fold.first_refusal().empty()) {
      result.first_refusal = fmt::format("{}:{}: {}", file.string(), line_number, fold.first_refusal());
    }
  }
  if (until) fold.world()->advance_to(*until);
  result.accepted_count = fold.counters().accepted_count;
  result.refused_count = fold.counters().refused_count;
  result.snapshot = fold.world()->freeze();
  result.world = fold.world();
  result.events_begin = fold.events_begin();
  return result;
}

}  // namespace gridwall::app
