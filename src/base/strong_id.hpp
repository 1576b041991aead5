// StrongId: an index or id that cannot be mixed up with another kind of number.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace gridwall::base {

template <typename Tag, typename Rep = std::uint32_t>
struct StrongId {
  static constexpr Rep kNoneValue = std::numeric_limits<Rep>::max();

  Rep value = kNoneValue;

  static constexpr StrongId none() { return StrongId{}; }
  [[nodiscard]] constexpr bool valid() const { return value != kNoneValue; }
  constexpr auto operator<=>(const StrongId&) const = default;
};

}  // namespace gridwall::base

template <typename Tag, typename Rep>
struct std::hash<gridwall::base::StrongId<Tag, Rep>> {
  std::size_t operator()(gridwall::base::StrongId<Tag, Rep> id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
