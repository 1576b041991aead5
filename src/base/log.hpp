// Log lines: category = room, level by audience. error = could not do it; warning = did it differently;
// info = rare and for the operator; debug = per operation. Fields are written key=value. Goes to stderr.
// Never give it bytes of an outside message (privacy): reason, source, length and hash only.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace gridwall::base {

enum class LogLevel { Debug, Info, Warning, Error, Off };

void set_log_level(LogLevel level);
void log_line(LogLevel level, std::string_view room, const std::string& text);

template <typename... Args>
void log_debug(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Debug, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_info(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Info, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_warning(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Warning, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_error(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Error, room, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace gridwall::base
