#include "feed/roles.hpp"

#include <algorithm>

namespace gridwall::feed {

bool may(Roles roles, Action action) {
  const bool commands = roles.has(Role::Operator);
  const bool trains = roles.has(Role::Trainer);
  switch (action) {
    case Action::Ask:
      return !roles.empty();
    case Action::Follow:
      return roles.has(Role::Viewer) || commands || trains;
    case Action::Publish:
      return roles.has(Role::Publisher);
    case Action::Command:
      return commands;
    case Action::Control:
    case Action::Inject:
      return trains;
  }
  return false;
}

std::optional<Role> role_by_word(std::string_view word) {
  const auto found = std::find(kRoleWords.begin(), kRoleWords.end(), word);
  if (found == kRoleWords.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleWords.begin());
}

std::string roles_text(Roles roles) {
  std::string text;
  for (std::size_t i = 0; i < kRoleWords.size(); ++i) {
    if (!roles.has(static_cast<Role>(i))) continue;
    if (!text.empty()) text += '+';
    text += kRoleWords[i];
  }
  return text.empty() ? "none" : text;
}

}  // namespace gridwall::feed
