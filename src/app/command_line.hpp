// CommandLine: options of one subcommand. CLI11 stands behind it, in one source file.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gridwall::app {

class CommandLine {
 public:
  // `example` is shown at the end of --help; every command has one.
  CommandLine(std::string name, std::string summary, std::string example);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Targets hold the defaults and must outlive parse().
  void flag(const std::string& name, bool& target, const std::string& help);
  void option(const std::string& name, std::string& target, const std::string& help, bool required = false);
  // May be given several times, one value each.
  void option(const std::string& name, std::vector<std::string>& target, const std::string& help);
  // One of the words; anything else is wrong usage.
  void choice(const std::string& name, std::string& target, const std::vector<std::string_view>& words,
              const std::string& help);
  void integer(const std::string& name, long long& target, long long min, long long max, const std::string& help);
  void number(const std::string& name, double& target, double min, double max, const std::string& help);
  void positional(const std::string& name, std::vector<std::string>& target, const std::string& help,
                  bool required = true);

  // The exit code when the command is over already (0 after --help, 2 for wrong usage, with a sentence on stderr).
  [[nodiscard]] std::optional<int> parse(const std::vector<std::string>& arguments);
  // For what options say only together: prints the sentence as parse() would, and returns 2.
  [[nodiscard]] int wrong_usage(const std::string& sentence) const;

 private:
  struct Parser;
  std::unique_ptr<Parser> m_parser;
};

}  // namespace gridwall::app
