// gridwall audit: checks that a hub's audit log is as it was written.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "base/json_writer.hpp"
#include "hub/audit_chain.hpp"

namespace gridwall::app {

namespace {

struct AuditCommand {
  std::vector<std::string> words;
  hub::AuditQuestion question;
  bool json = false;
};

void print_json(const hub::AuditVerdict& verdict) {
  base::JsonWriter json;
  json.begin_object().field("fits", verdict.fits).field("files", verdict.file_count).field("lines", verdict.line_count);
  json.field("last_hash", verdict.last_hash);
  if (!verdict.problem.empty()) json.field("problem", verdict.problem);
  if (!verdict.starts_after.empty()) json.field("starts_after", verdict.starts_after);
  json.key("asides").begin_array();
  for (const std::string& name : verdict.asides) json.value(name);
  json.end_array().end_object();
  std::fputs((json.take() + "\n").c_str(), stdout);
}

void print_text(const hub::AuditVerdict& verdict) {
  std::string text;
  if (!verdict.fits) text += fmt::format("does not fit: {}\n", verdict.problem);
  text += fmt::format("{} lines in {} files fit{}\n", verdict.line_count, verdict.file_count,
                      verdict.fits ? "" : " before it");
  if (!verdict.starts_after.empty()) {
    text += fmt::format("goes on from {}, which was not read: what stood there is not shown by this\n",
                        verdict.starts_after);
  }
  for (const std::string& name : verdict.asides) {
    text += fmt::format("{}: what a killed hub had left unfinished\n", name);
  }
  if (verdict.fits) {
    text += fmt::format(
        "last hash {}: note it elsewhere; later, --expect with it shows whether lines up to here were "
        "cut off\n",
        verdict.last_hash);
  }
  std::fputs(text.c_str(), stdout);
}

}  // namespace

int run_audit(const Arguments& arguments) {
  AuditCommand command;
  CommandLine line(
      "audit",
      "Checks that a hub's audit log is as it was written: verify FILE or FOLDER. Finds lines that were "
      "changed, deleted, inserted or moved, and days that are missing. It cannot find that the newest "
      "lines are missing, unless a hash noted earlier is given, nor that somebody wrote all lines from one "
      "on anew",
      "gridwall audit verify /var/lib/gridwall/audit --expect 5f0a...");
  line.positional("ACTION", command.words, "verify, then a file or a folder");
  line.option("--expect", command.question.expected_hash,
              "a last hash that was noted earlier: must be among the lines");
  line.flag("--trimmed", command.question.trimmed, "the oldest files of the folder were removed on purpose");
  line.flag("--json", command.json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  if (command.words.size() != 2 || command.words[0] != "verify") {
    return line.wrong_usage("expected: verify, and a file or a folder");
  }
  const std::string& hash = command.question.expected_hash;
  if (!hash.empty() &&
      (hash.size() != hub::kAuditHashBytes || hash.find_first_not_of("0123456789abcdef") != std::string::npos)) {
    return line.wrong_usage("--expect: a hash has 64 characters of 0-9 and a-f");
  }
  const auto verdict = hub::verify_audit(command.words[1], command.question);
  if (!verdict.ok()) return fail("audit", verdict.error());
  command.json ? print_json(*verdict) : print_text(*verdict);
  return verdict->fits ? 0 : 1;
}

}  // namespace gridwall::app
