// gridwall send: the lines of a file to a hub, one event or an array of events each, and what the hub answered.
#include <algorithm>
#include <cstdio>
#include <map>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/line_reader.hpp"
#include "app/paths.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "feed/client.hpp"
#include "wire/constants.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;
using LineOutcome = LineReader::Outcome;

constexpr base::Duration kTurn = std::chrono::milliseconds(20);
constexpr base::Duration kProgressInterval = std::chrono::seconds(2);
constexpr std::size_t kRefusalsShown = 20;  // as text
constexpr std::size_t kRefusalsKept = 10'000;

struct Refusal {
  std::uint64_t line_number = 0;
  std::string id, reason, detail;
};

struct Figures {
  std::uint64_t line_count = 0, accepted_count = 0, duplicate_count = 0, refused_count = 0, unanswered_count = 0;
  std::vector<Refusal> refusals;  // the first kRefusalsKept, unanswered lines among them
};

class Sender {
 public:
  Sender(feed::Client client, LineReader reader, const base::Clock& clock)
      : m_client(std::move(client)), m_reader(std::move(reader)), m_clock(clock) {}

  // Until every line has its answer or was given up, or `stop`.
  const Figures& run(const StopSignal& stop);

 private:
  void read_lines();
  void take_answers(base::Duration patience);
  void refuse(Refusal refusal);
  void tell_progress();

  feed::Client m_client;
  LineReader m_reader;
  const base::Clock& m_clock;
  std::map<std::uint64_t, std::uint64_t> m_line_of;  // by message number
  Figures m_figures;
  bool m_at_end = false;
  base::MonoTime m_progress_due_at{};
};

const Figures& Sender::run(const StopSignal& stop) {
  m_progress_due_at = m_clock.now_mono() + kProgressInterval;
  while (!stop.requested() && (!m_at_end || m_client.in_flight_count() > 0)) {
    read_lines();
    take_answers(m_client.in_flight_count() > 0 ? kTurn : base::Duration::zero());
    tell_progress();
  }
  for (const auto& [number, line_number] : m_line_of) {
    ++m_figures.unanswered_count;
    refuse({line_number, "", "unanswered", "stopped before the hub answered"});
  }
  return m_figures;
}

void Sender::read_lines() {
  std::string line;
  while (!m_at_end && m_client.has_room()) {
    // With answers to come there is no time to wait for a slow writer of stdin.
    const auto outcome = m_reader.next(line, m_client.in_flight_count() > 0 ? base::Duration::zero() : kTurn);
    if (outcome == LineOutcome::NothingYet) return;
    m_at_end = outcome == LineOutcome::End;
    if (m_at_end) return;
    if (m_reader.line_number() == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (outcome == LineOutcome::TooLong) {
      ++m_figures.line_count;
      ++m_figures.refused_count;
      refuse({m_reader.line_number(), "", "too_large",
              fmt::format("the line has more than {} bytes; send fewer events a line", wire::kMessageBytesMax)});
    } else if (line.find_first_not_of(" \t") != std::string::npos) {
      ++m_figures.line_count;
      m_line_of[m_client.send(std::move(line))] = m_reader.line_number();
    }
  }
}

void Sender::take_answers(base::Duration patience) {
  for (feed::Answered& answered : m_client.poll(patience)) {
    const auto found = m_line_of.find(answered.number);
    ASSERT(found != m_line_of.end(), "an answer to message {}", answered.number);
    const std::uint64_t line_number = found->second;
    m_line_of.erase(found);
    if (!answered.answered) {
      ++m_figures.unanswered_count;
      refuse({line_number, "", "unanswered", answered.problem});
    }
    for (wire::Answer& answer : answered.answers) {
      switch (answer.status) {
        case wire::AnswerStatus::Accepted: ++m_figures.accepted_count; break;
        case wire::AnswerStatus::Duplicate: ++m_figures.duplicate_count; break;
        case wire::AnswerStatus::Refused:
          ++m_figures.refused_count;
          refuse({line_number, std::move(answer.id), std::move(answer.reason), std::move(answer.detail)});
      }
    }
  }
}

void Sender::refuse(Refusal refusal) {
  if (m_figures.refusals.size() < kRefusalsKept) m_figures.refusals.push_back(std::move(refusal));
}

void Sender::tell_progress() {
  if (m_clock.now_mono() < m_progress_due_at) return;
  m_progress_due_at = m_clock.now_mono() + kProgressInterval;
  const bool waiting = m_figures.accepted_count + m_figures.duplicate_count + m_figures.refused_count == 0;
  std::fprintf(stderr, "gridwall send: %llu lines sent, %llu events accepted%s\n",
               static_cast<unsigned long long>(m_figures.line_count),
               static_cast<unsigned long long>(m_figures.accepted_count), waiting ? "; waiting for the hub" : "");
}

void print_text(const std::string& file, const Figures& figures) {
  std::string text = fmt::format("{} lines: {} accepted, {} duplicate, {} refused, {} unanswered\n", figures.line_count,
                                 figures.accepted_count, figures.duplicate_count, figures.refused_count,
                                 figures.unanswered_count);
  for (std::size_t i = 0; i < std::min(figures.refusals.size(), kRefusalsShown); ++i) {
    const Refusal& refusal = figures.refusals[i];
    text += fmt::format("{}:{}: {}: {}{}\n", file, refusal.line_number, refusal.reason, refusal.detail,
                        refusal.id.empty() ? "" : fmt::format(" (event {})", refusal.id));
  }
  if (figures.refusals.size() > kRefusalsShown) {
    text += fmt::format("and {} more; --json lists them\n", figures.refusals.size() - kRefusalsShown);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_json(const Figures& figures) {
  JsonWriter json;
  json.begin_object().field("lines", figures.line_count).field("accepted", figures.accepted_count);
  json.field("duplicate", figures.duplicate_count).field("refused", figures.refused_count);
  json.field("unanswered", figures.unanswered_count).key("refusals").begin_array();
  for (const Refusal& refusal : figures.refusals) {
    json.begin_object().field("line", refusal.line_number).field("id", refusal.id);
    json.field("reason", refusal.reason).field("detail", refusal.detail).end_object();
  }
  json.end_array().end_object();
  std::fwrite(json.text().data(), 1, json.text().size(), stdout);
  std::fputc('\n', stdout);
}

}  // namespace

int run_send(const Arguments& arguments) {
  std::vector<std::string> files;
  std::string endpoint = "tcp://127.0.0.1:5700";
  double patience_s = 30;
  bool json = false;
  CommandLine line("send", "Sends a file of events, one event or array of events a line, and tells the hub's answers",
                   "gridwall send events.jsonl --connect tcp://127.0.0.1:5700");
  line.positional("FILE", files, "JSON lines; - for stdin");
  line.option("--connect", endpoint, "the hub's request endpoint");
  line.number("--patience", patience_s, 0.1, 86'400, "seconds to wait for the answer to a line");
  line.flag("--json", json, "print one JSON object");
  if (const auto code = line.parse(arguments)) return *code;
  if (files.size() != 1) {
    return fail("send", {base::ErrorCode::InvalidArgument, "expected one file; join several with cat and send -"});
  }
  const base::SystemClock clock;
  const StopSignal stop;
  auto reader = LineReader::open(files.front(), wire::kMessageBytesMax);
  if (!reader.ok()) return fail("send", reader.error());
  feed::ClientOptions options;
  options.give_up_after = std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(patience_s));
  auto client = feed::Client::connect(endpoint, clock, options);
  if (!client.ok()) return fail("send", client.error());

  Sender sender(std::move(*client), std::move(*reader), clock);
  const Figures& figures = sender.run(stop);
  json ? print_json(figures) : print_text(files.front(), figures);
  return figures.refused_count + figures.unanswered_count == 0 ? 0 : 1;
}

}  // namespace gridwall::app
