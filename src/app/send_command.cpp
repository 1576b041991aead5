// gridwall send: the lines of a file to a hub, one event or an array of events each, and what the hub answered; with
// --map the records of a foreign feed's file.
#include <algorithm>
#include <cstdio>
#include <map>
#include <variant>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/import_history.hpp"
#include "app/line_reader.hpp"
#include "app/mapped_file.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_data.hpp"
#include "base/json_writer.hpp"
#include "feed/client.hpp"
#include "wire/constants.hpp"
#include "wire/event_codec.hpp"

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

// A mapped file as lines: one event each, numbered by its record.
class MappedLines {
 public:
  explicit MappedLines(const wire::MappedFeed& feed) : m_feed(&feed) {}

  LineOutcome next(std::string& line, base::Duration) {
    if (m_next == m_feed->events.size()) return LineOutcome::End;
    line = wire::encode_intake_event(m_feed->events[m_next++].event);
    return LineOutcome::Line;
  }
  [[nodiscard]] std::uint64_t line_number() const { return m_feed->events[m_next - 1].record_number; }

 private:
  const wire::MappedFeed* m_feed;
  std::size_t m_next = 0;
};

using Lines = std::variant<LineReader, MappedLines>;

class Sender {
 public:
  Sender(feed::Client client, Lines reader, const base::Clock& clock)
      : m_client(std::move(client)), m_lines(std::move(reader)), m_clock(clock) {}

  // Until every line has its answer or was given up, or `stop`.
  const Figures& run(const StopSignal& stop);

 private:
  void read_lines();
  void take_answers(base::Duration patience);
  void refuse(Refusal refusal);
  void tell_progress();

  feed::Client m_client;
  LineOutcome next_line(std::string& line, base::Duration patience) {
    return std::visit([&](auto& lines) { return lines.next(line, patience); }, m_lines);
  }
  [[nodiscard]] std::uint64_t line_number() const {
    return std::visit([](const auto& lines) { return lines.line_number(); }, m_lines);
  }

  Lines m_lines;
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
    const auto outcome = next_line(line, m_client.in_flight_count() > 0 ? base::Duration::zero() : kTurn);
    if (outcome == LineOutcome::NothingYet) return;
    m_at_end = outcome == LineOutcome::End;
    if (m_at_end) return;
    if (line_number() == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (outcome == LineOutcome::TooLong) {
      ++m_figures.line_count;
      ++m_figures.refused_count;
      refuse({line_number(), "", "too_large",
              fmt::format("the line has more than {} bytes; send fewer events a line", wire::kMessageBytesMax)});
    } else if (line.find_first_not_of(" \t") != std::string::npos) {
      ++m_figures.line_count;
      m_line_of[m_client.send(std::move(line))] = line_number();
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
        case wire::AnswerStatus::Accepted:
          ++m_figures.accepted_count;
          break;
        case wire::AnswerStatus::Duplicate:
          ++m_figures.duplicate_count;
          break;
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

void print_text(const std::string& file, std::string_view number_word, const Figures& figures) {
  const std::string before = number_word == "line" ? file + ":" : fmt::format("{}: {} ", file, number_word);
  std::string text =
      fmt::format("{} lines: {} accepted, {} duplicate, {} refused, {} unanswered\n", figures.line_count,
                  figures.accepted_count, figures.duplicate_count, figures.refused_count, figures.unanswered_count);
  for (std::size_t i = 0; i < std::min(figures.refusals.size(), kRefusalsShown); ++i) {
    const Refusal& refusal = figures.refusals[i];
    text += fmt::format("{}{}: {}: {}{}\n", before, refusal.line_number, refusal.reason, refusal.detail,
                        refusal.id.empty() ? "" : fmt::format(" (event {})", refusal.id));
  }
  if (figures.refusals.size() > kRefusalsShown) {
    text += fmt::format("and {} more; --json lists them\n", figures.refusals.size() - kRefusalsShown);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void write_figures(JsonWriter& json, const Figures& figures) {
  json.field("lines", figures.line_count).field("accepted", figures.accepted_count);
  json.field("duplicate", figures.duplicate_count).field("refused", figures.refused_count);
  json.field("unanswered", figures.unanswered_count).key("refusals").begin_array();
  for (const Refusal& refusal : figures.refusals) {
    json.begin_object().field("line", refusal.line_number).field("id", refusal.id);
    json.field("reason", refusal.reason).field("detail", refusal.detail).end_object();
  }
  json.end_array();
}

void print_json(const Figures* figures, const wire::MappedFeed* feed) {
  JsonWriter json;
  json.begin_object();
  if (feed != nullptr) {
    write_mapped_feed(json.key("mapped").begin_object(), *feed);
    json.end_object();
  }
  if (figures != nullptr) write_figures(json, *figures);
  json.end_object();
  std::fwrite(json.text().data(), 1, json.text().size(), stdout);
  std::fputc('\n', stdout);
}
struct SendCommand {
  std::string file, endpoint = "tcp://127.0.0.1:5700", map, language = "zh", output;
  double patience_s = 30;
  bool json = false, dry_run = false;
  ConnectSecurityOptions security;
  std::string import_to, profile;
  LayerOptions layers;
};

// Without a hub: the file becomes a recording.
int import_file(const SendCommand& command) {
  const auto data = load_wall_data(command.profile, command.layers, model::Language::English);
  if (!data.ok()) return fail("send", data.error());
  const auto imported = import_history(command.file, command.import_to, *data, command.profile);
  if (!imported.ok()) return fail("send", imported.error());
  if (command.json) {
    base::JsonWriter json;
    json.begin_object().field("lines", imported->line_count).field("accepted", imported->event_count);
    json.field("duplicate", imported->duplicate_count).field("refused", imported->refused_count);
    json.field("first_refusal", imported->first_refusal).field("last_sequence", imported->last_sequence);
    json.field("recording", command.import_to).end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("%llu events in %s, %llu duplicate, %llu refused\n",
                static_cast<unsigned long long>(imported->event_count), command.import_to.c_str(),
                static_cast<unsigned long long>(imported->duplicate_count),
                static_cast<unsigned long long>(imported->refused_count));
    if (!imported->first_refusal.empty()) std::printf("the first refused: %s\n", imported->first_refusal.c_str());
  }
  return imported->refused_count == 0 ? 0 : 1;
}

int send_lines(const SendCommand& command, Lines lines, const wire::MappedFeed* mapped) {
  const base::SystemClock clock;
  const StopSignal stop;
  feed::ClientOptions options;
  options.give_up_after = std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(command.patience_s));
  auto security = read_connect_security(command.security);
  if (!security.ok()) return fail("send", security.error());
  options.security = std::move(*security);
  auto client = feed::Client::connect(command.endpoint, clock, options);
  if (!client.ok()) return fail("send", client.error());
  Sender sender(std::move(*client), std::move(lines), clock);
  const Figures& figures = sender.run(stop);
  if (command.json) {
    print_json(&figures, mapped);
  } else {
    print_text(command.file, mapped != nullptr ? mapped->number_word : "line", figures);
  }
  return figures.refused_count + figures.unanswered_count == 0 ? 0 : 1;
}

int send_mapped(const SendCommand& command) {
  const auto map = open_feed_map(command.map);
  if (!map.ok()) return fail("send", map.error());
  const auto feed = map_feed_file(*map, command.file, {command.language});
  if (!feed.ok()) return fail("send", feed.error());
  if (!command.json) {
    const std::string text = mapped_feed_text(*feed, command.file, kRefusalsShown);
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  if (!command.dry_run) return send_lines(command, MappedLines(*feed), &*feed);
  const auto written = write_event_lines(*feed, command.output);
  if (!written.ok()) return fail("send", written.error());
  if (command.json) print_json(nullptr, &*feed);
  return 0;
}

}  // namespace

int run_send(const Arguments& arguments) {
  std::vector<std::string> files;
  SendCommand command;
  CommandLine line("send",
                   "Sends a file of events, one event or array of events a line, or with --map the records of a "
                   "foreign feed, and tells the hub's answers",
                   "gridwall send --map boston311 requests.csv --connect tcp://127.0.0.1:5700");
  line.positional("FILE", files, "JSON lines, or what --map reads; - for stdin");
  line.option("--connect", command.endpoint, "the hub's request endpoint");
  line.option("--map", command.map, "FILE is a foreign feed's: a map of config/maps, or your own .toml");
  line.choice("--lang", command.language, {"zh", "en"}, "with --map: of texts that come in several languages");
  line.flag("--dry-run", command.dry_run, "with --map: send nothing, write the events to -o");
  line.option("-o,--output", command.output, "with --dry-run: the file for the events, one a line");
  line.option("--import", command.import_to, "no hub: make this recording (.gwr) of a history, however old");
  line.option("--profile", command.profile, "with --import: the district; else jiangyin-2019");
  add_layer_options(line, command.layers);
  add_connect_security_options(line, command.security);
  line.number("--patience", command.patience_s, 0.1, 86'400, "seconds to wait for the answer to a line");
  line.flag("--json", command.json, "print one JSON object");
  if (const auto code = line.parse(arguments)) return *code;
  if (files.size() != 1) {
    return fail("send", {base::ErrorCode::InvalidArgument, "expected one file; join several with cat and send -"});
  }
  if (command.dry_run && (command.map.empty() || command.output.empty())) {
    return line.wrong_usage("--dry-run needs --map and -o: it writes the events of a foreign feed to a file");
  }
  if (!command.dry_run && !command.output.empty()) return line.wrong_usage("-o needs --dry-run");
  command.file = files.front();
  if (!command.import_to.empty() && !command.map.empty()) {
    return line.wrong_usage("--import takes our own events; map a foreign feed first, with --map --dry-run -o");
  }
  if (!command.import_to.empty()) return import_file(command);
  if (!command.map.empty()) return send_mapped(command);
  auto reader = LineReader::open(command.file, wire::kMessageBytesMax);
  if (!reader.ok()) return fail("send", reader.error());
  return send_lines(command, std::move(*reader), nullptr);
}

}  // namespace gridwall::app
