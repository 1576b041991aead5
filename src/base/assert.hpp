// ASSERT: a programmer's mistake, never reachable from input. On in release too. The message names values.
#pragma once

#include <fmt/format.h>

#include <string>

namespace gridwall::base {

[[noreturn]] void assertion_failed(const char* file, int line, const char* condition,
                                   const std::string& message);

}  // namespace gridwall::base

#define ASSERT(condition, ...)                                              \
  do {                                                                      \
    if (!(condition)) [[unlikely]]                                          \
      ::gridwall::base::assertion_failed(__FILE__, __LINE__, #condition,    \
                                         ::fmt::format("" __VA_ARGS__));    \
  } while (false)
