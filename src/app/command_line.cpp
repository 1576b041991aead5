#include "app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>

namespace gridwall::app {

struct CommandLine::Parser {
  CLI::App app;
};

CommandLine::CommandLine(std::string name, std::string summary, std::string example)
    : m_parser(std::make_unique<Parser>()) {
  m_parser->app.description(std::move(summary));
  m_parser->app.name("gridwall " + name);
  m_parser->app.footer("Example:\n  " + example);
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& name, bool& target, const std::string& help) {
  m_parser->app.add_flag(name, target, help);
}

void CommandLine::option(const std::string& name, std::string& target, const std::string& help, bool required) {
  m_parser->app.add_option(name, target, help)->required(required)->capture_default_str();
}

void CommandLine::option(const std::string& name, std::vector<std::string>& target, const std::string& help) {
  // One value each time it is given: a list would swallow the files that follow it.
  m_parser->app.add_option(name, target, help)->allow_extra_args(false);
}

void CommandLine::choice(const std::string& name, std::string& target, const std::vector<std::string_view>& words,
                         const std::string& help) {
  const std::vector<std::string> known(words.begin(), words.end());
  m_parser->app.add_option(name, target, help)->check(CLI::IsMember(known))->capture_default_str();
}

void CommandLine::integer(const std::string& name, long long& target, long long min, long long max,
                          const std::string& help) {
  m_parser->app.add_option(name, target, help)->check(CLI::Range(min, max))->capture_default_str();
}

void CommandLine::number(const std::string& name, double& target, double min, double max, const std::string& help) {
  m_parser->app.add_option(name, target, help)->check(CLI::Range(min, max))->capture_default_str();
}

void CommandLine::positional(const std::string& name, std::vector<std::string>& target, const std::string& help,
                             bool required) {
  m_parser->app.add_option(name, target, help)->required(required);
}

std::optional<int> CommandLine::parse(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 reads from the back
  try {
    m_parser->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    std::cout << m_parser->app.help() << '\n';
    return 0;
  } catch (const CLI::ParseError& error) {
    return wrong_usage(error.what());
  }
  return std::nullopt;
}

int CommandLine::wrong_usage(const std::string& sentence) const {
  const std::string& name = m_parser->app.get_name();
  std::cerr << name << ": " << sentence << "; see " << name << " --help\n";
  return 2;
}

}  // namespace gridwall::app
