// gridwall ctl: tells a replay what to do (play, pause, rates, seeks, steps, loops, bookmarks), and asks a hub how it
// does. One request, one answer.
#include <charconv>
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "base/time_text.hpp"
#include "feed/asker.hpp"
#include "wire/control.hpp"
#include "wire/requests.hpp"

namespace gridwall::app {

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using wire::ControlAction;
using wire::ControlRequest;

struct CtlCommand {
  std::vector<std::string> words;
  std::string endpoint = "tcp://127.0.0.1:5700";
  ConnectSecurityOptions security;
  double wait_s = 5;
  bool json = false;
};

Error wrong(std::string sentence) {
  return {ErrorCode::InvalidArgument, std::move(sentence)};
}

template <typename T>
Result<T> whole_number(const std::string& text, const char* what) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return wrong(fmt::format("{}: '{}' is no number", what, text));
  }
  return number;
}

Result<base::UtcTime> time_of(const std::string& text) {
  auto time = base::parse_rfc3339(text);
  if (!time.ok()) {
    return wrong(fmt::format("'{}': expected a time with its offset, as 2026-11-22T08:00:00+08:00", text));
  }
  return time;
}

Result<ControlRequest> seek_request(const std::string& text) {
  ControlRequest request;
  request.action = ControlAction::Seek;
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    TRY_ASSIGN(request.sequence, whole_number<std::uint64_t>(text, "seek"));
  } else {
    TRY_ASSIGN(request.time, time_of(text));
  }
  return request;
}

Result<ControlRequest> loop_request(const std::vector<std::string>& words) {
  ControlRequest request;
  request.action = ControlAction::Loop;
  if (words.size() == 2 && words[1] == "off") return request;
  TRY_ASSIGN(const base::UtcTime from, time_of(words[1]));
  if (words.size() < 3) return wrong("loop: expected two times, or off");
  TRY_ASSIGN(const base::UtcTime to, time_of(words[2]));
  if (from >= to) return wrong("loop: the second time must lie behind the first");
  request.loop = wire::TimeSpan{from, to};
  return request;
}

Result<ControlRequest> control_request(const std::vector<std::string>& words) {
  const std::string& word = words[0];
  const bool alone = words.size() == 1;
  ControlRequest request;
  if (alone && (word == "play" || word == "pause" || word == "max")) {
    request.action = word == "play" ? ControlAction::Play : word == "pause" ? ControlAction::Pause : ControlAction::Max;
    return request;
  }
  if (word == "loop" && (words.size() == 2 || words.size() == 3)) return loop_request(words);
  if (words.size() != 2) {
    return wrong(
        "expected: play, pause, rate N, max, seek TIME or EVENT, step N, loop FROM TO, loop off, skip on, skip off, "
        "bookmark NAME, or status");
  }
  if (word == "seek") return seek_request(words[1]);
  if (word == "rate") {
    request.action = ControlAction::Rate;
    TRY_ASSIGN(request.rate, whole_number<double>(words[1], "rate"));
    return request;
  }
  if (word == "step") {
    request.action = ControlAction::Step;
    TRY_ASSIGN(request.events, whole_number<std::int64_t>(words[1], "step"));
    return request;
  }
  if (word == "skip" && (words[1] == "on" || words[1] == "off")) {
    request.action = ControlAction::Skip;
    request.skip = words[1] == "on";
    return request;
  }
  if (word == "bookmark") {
    request.action = ControlAction::Bookmark;
    request.name = words[1];
    return request;
  }
  return wrong(fmt::format("'{} {}' is none; 'gridwall ctl --help' lists what is", word, words[1]));
}

void print_status(const wire::ReplayStatus& status) {
  const auto text = [](base::UtcTime time) { return base::format_rfc3339(time); };
  const std::string rate = status.is_max ? "as fast as possible" : fmt::format("{}x", status.rate);
  const char* state = status.playing ? "playing" : status.ended ? "at the end" : "paused";
  std::string out = fmt::format("{} at {}, event {}; {}\n", state, text(status.position), status.sequence, rate);
  out += fmt::format("recording {} to {}, events {} to {}\n", text(status.first), text(status.last),
                     status.first_sequence, status.last_sequence);
  if (status.loop) out += fmt::format("loop {} to {}\n", text(status.loop->from), text(status.loop->to));
  if (status.skips_idle) out += "spans without events are skipped\n";
  for (const auto& mark : status.bookmarks) {
    out += fmt::format("bookmark {} event {}  {}\n", text(mark.time), mark.sequence, mark.name);
  }
  std::fputs(out.c_str(), stdout);
}

// The question on the wire. Errors: wrong usage.
Result<std::string> question_of(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "status") return wire::encode_status_request();
  TRY_ASSIGN(const ControlRequest request, control_request(words));
  std::string question = wire::encode_control(request);
  TRY(wire::decode_control(question));  // the limits of the form, told here and not by the hub
  return question;
}

Result<std::string> ask(const CtlCommand& command, const std::string& question) {
  const base::SystemClock clock;
  TRY_ASSIGN(const feed::ConnectSecurity security, read_connect_security(command.security));
  TRY_ASSIGN(feed::Asker asker, feed::Asker::connect(command.endpoint, clock, security));
  return asker.ask(question, std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(command.wait_s)));
}

}  // namespace

int run_ctl(const Arguments& arguments) {
  CtlCommand command;
  CommandLine line(
      "ctl",
      "Tells a replay: play | pause | rate N | max | seek TIME or EVENT | step N | loop FROM TO | loop off "
      "| skip on|off | bookmark NAME; or asks a hub: status",
      "gridwall ctl seek 2026-11-22T08:00:00+08:00\n"
      "  gridwall ctl rate 60\n"
      "  gridwall ctl step -1 --connect tcp://127.0.0.1:5700");
  line.positional("ACTION", command.words, "what to do, and its value");
  line.option("--connect", command.endpoint, "the hub's request endpoint");
  add_connect_security_options(line, command.security);
  line.number("--wait", command.wait_s, 0.1, 600, "seconds to wait for the answer");
  line.flag("--json", command.json, "print the answer as it came");
  if (const auto code = line.parse(arguments)) return *code;

  const auto question = question_of(command.words);
  if (!question.ok()) return line.wrong_usage(question.error().message);
  const auto answer = ask(command, *question);
  if (!answer.ok()) return fail("ctl", answer.error());
  const auto status = wire::decode_replay_status(*answer);
  const bool refused = !status.ok() && status.error().code == ErrorCode::Refused;
  if (refused && !command.json) return fail("ctl", status.error());
  const auto kept = wire::decode_kept_bookmark(*answer);
  if (status.ok() && !command.json) {
    print_status(*status);
  } else if (kept.ok() && !command.json) {
    std::printf("bookmark %s event %llu  %s\n", base::format_rfc3339(kept->time).c_str(),
                static_cast<unsigned long long>(kept->sequence), kept->name.c_str());
  } else {
    std::fputs((*answer + "\n").c_str(), stdout);
  }
  return refused ? 1 : 0;
}

}  // namespace gridwall::app
