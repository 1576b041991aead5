// Result<T>: a value or an Error that can be shown to a person. Used by everything that may fail for a
// reason outside the program (files, layers, sockets, messages). Programmer errors use ASSERT instead.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace gridwall::base {

enum class ErrorCode {
  InvalidArgument,  // wrong usage of a command: exit code 2
  NotFound,
  Unreadable,   // exists, but cannot be read or is not what it claims to be
  Malformed,    // bytes of a message, file or configuration break their format
  Unsupported,  // understood, but this build or machine cannot do it
  Refused,      // another party said no
  Unavailable,  // a peer, device or driver is not there
  Internal,     // an outside library failed in a way nobody expected
};

// `message` is one clear sentence: what was tried, on what, what was expected, what to do.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : m_content(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return m_content.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & {
    ASSERT(ok(), "Result holds an error: {}", error().message);
    return std::get<0>(m_content);
  }
  [[nodiscard]] const T& value() const& {
    ASSERT(ok(), "Result holds an error: {}", error().message);
    return std::get<0>(m_content);
  }
  [[nodiscard]] T&& value() && {
    ASSERT(ok(), "Result holds an error: {}", error().message);
    return std::get<0>(std::move(m_content));
  }
  [[nodiscard]] const Error& error() const { return std::get<1>(m_content); }

  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

 private:
  std::variant<T, Error> m_content;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : m_error(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !m_error.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return *m_error; }

 private:
  std::optional<Error> m_error;
};

using Status = Result<void>;

}  // namespace gridwall::base

// Passes an error on, otherwise yields nothing: TRY(step()).
#define TRY(expression)                                     \
  do {                                                      \
    if (auto try_status_ = (expression); !try_status_.ok()) \
      return try_status_.error();                           \
  } while (false)

#define GRIDWALL_CONCAT_INNER(a, b) a##b
#define GRIDWALL_CONCAT(a, b) GRIDWALL_CONCAT_INNER(a, b)
#define GRIDWALL_TRY_ASSIGN(name, target, expression) \
  auto name = (expression);                           \
  if (!name.ok()) return name.error();                \
  target = std::move(name).value()

// Declares or assigns the value, or passes the error on: TRY_ASSIGN(auto tree, read(file)).
#define TRY_ASSIGN(target, ...) \
  GRIDWALL_TRY_ASSIGN(GRIDWALL_CONCAT(try_result_, __LINE__), target, (__VA_ARGS__))
