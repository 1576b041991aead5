// gridwall status: how a hub does: what came in, how far it is on the disk, who fetches snapshots, what was refused.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "feed/asker.hpp"

namespace gridwall::app {

namespace {

// JSON one member a line, without its signs, for eyes.
std::string in_lines(std::string_view json) {
  std::string text;
  std::size_t depth = 0;
  bool in_text = false, escaped = false;
  const auto new_line = [&] { text += "\n" + std::string(2 * depth, ' '); };
  for (const char c : json) {
    if (in_text) {
      in_text = escaped || c != '"';
      escaped = !escaped && c == '\\';
      if (in_text) text += c;
      continue;
    }
    switch (c) {
      case '"':
        in_text = true;
        break;
      case '{':
      case '[':
        if (depth++ > 0) new_line();
        break;
      case '}':
      case ']':
        depth -= depth > 0 ? 1u : 0u;
        break;
      case ',':
        new_line();
        break;
      case ':':
        text += ": ";
        break;
      default:
        text += c;
    }
  }
  return text;
}

}  // namespace

int run_status(const Arguments& arguments) {
  std::string endpoint = "tcp://127.0.0.1:5700";
  ConnectSecurityOptions security_options;
  double wait_s = 5;
  bool json = false;
  CommandLine line("status", "How a hub does: what came in, how far it is on the disk, who follows, what was refused.",
                   "gridwall status --connect tcp://127.0.0.1:5700 --json");
  line.option("--connect", endpoint, "the hub's request endpoint");
  add_connect_security_options(line, security_options);
  line.number("--wait", wait_s, 0.1, 600, "seconds to wait for the answer");
  line.flag("--json", json, "print one JSON object");
  if (const auto code = line.parse(arguments)) return *code;

  const base::SystemClock clock;
  const auto security = read_connect_security(security_options);
  if (!security.ok()) return fail("status", security.error());
  auto asker = feed::Asker::connect(endpoint, clock, *security);
  if (!asker.ok()) return fail("status", asker.error());
  const auto patience = std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(wait_s));
  const auto answer = asker->ask(R"({"op":"status"})", patience);
  if (!answer.ok()) return fail("status", answer.error());
  std::printf("%s\n", json ? answer->c_str() : in_lines(*answer).c_str());
  return 0;
}

}  // namespace gridwall::app
