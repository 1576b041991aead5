// The vocabulary of incidents (案件): severity, state, and what an event tells about one.
// States are those of the canonical lifecycle; which event leads from where to where is data: config/lifecycle.toml.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/geometry.hpp"

namespace gridwall::model {

// Grades I to IV of the national warning colours: red, orange, yellow, blue.
enum class Severity : std::uint8_t { Critical = 1, Major = 2, Moderate = 3, Minor = 4 };
inline constexpr std::size_t kSeverityCount = 4;
// Critical is 0.
constexpr std::size_t severity_index(Severity severity) { return static_cast<std::size_t>(severity) - 1; }

enum class CaseState : std::uint8_t {
  Reported = 10, Verifying = 11, PendingFile = 12, ReturnedToAcceptor = 13,
  Filed = 20, ReturnedToDispatcher = 21,
  Dispatched = 30, Handling = 31, ExtensionRequested = 32, Suspended = 33, Handled = 34,
  PendingCheck = 40, Checking = 41, CheckPassed = 42, Rework = 43,
  Closed = 50, ForcedClosed = 51, Evaluated = 60, Reopened = 70,
  Rejected = 90, Cancelled = 91,
};

inline constexpr std::array<CaseState, 21> kCaseStates{
    CaseState::Reported, CaseState::Verifying, CaseState::PendingFile, CaseState::ReturnedToAcceptor,
    CaseState::Filed, CaseState::ReturnedToDispatcher, CaseState::Dispatched, CaseState::Handling,
    CaseState::ExtensionRequested, CaseState::Suspended, CaseState::Handled, CaseState::PendingCheck,
    CaseState::Checking, CaseState::CheckPassed, CaseState::Rework, CaseState::Closed, CaseState::ForcedClosed,
    CaseState::Evaluated, CaseState::Reopened, CaseState::Rejected, CaseState::Cancelled};
inline constexpr std::size_t kCaseStateCount = kCaseStates.size();

std::optional<CaseState> case_state_from_number(int number);
// Place in kCaseStates.
std::size_t case_state_index(CaseState state);

// Nobody has to act on it any more.
constexpr bool is_settled(CaseState state) {
  switch (state) {
    case CaseState::Closed:
    case CaseState::ForcedClosed:
    case CaseState::Evaluated:
    case CaseState::Rejected:
    case CaseState::Cancelled: return true;
    default: return false;
  }
}
// Settled by being solved, not by being turned away.
constexpr bool is_closed(CaseState state) {
  return state == CaseState::Closed || state == CaseState::ForcedClosed ||
         state == CaseState::Evaluated;
}

}  // namespace gridwall::model
