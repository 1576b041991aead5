// Storm: what a storm brings on a day beside the usual cases: when, of which class, and the low ground where it
// gathers. A pure function of the seed. Test: tests/unit/sim/storm_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "model/storm_day.hpp"
#include "model/vocabulary.hpp"
#include "sim/place_picker.hpp"

namespace gridwall::sim {

// Immutable after create().
class Storm {
 public:
  // For a district with so many usual cases a day. Error: a class that the vocabulary lacks, by its code.
  static base::Result<Storm> create(const model::StormCases& cases, const model::Vocabulary& vocabulary,
                                    double cases_per_day);

  // Where water gathers; before any place is drawn.
  void find_low_ground(const PlacePicker& places, base::Random random);

  // Local readings of `day`, in order.
  [[nodiscard]] std::vector<base::LocalInstant> reported_at(base::LocalDays day, base::Random random) const;
  // An index of Vocabulary::classes.
  [[nodiscard]] std::uint32_t draw_class(base::Random& random) const;
  [[nodiscard]] std::optional<Place> draw_place(const PlacePicker& places, bool street, base::Random& random) const;

 private:
  Storm() = default;
  model::StormCases m_cases;
  std::vector<std::uint32_t> m_classes;
  std::vector<double> m_cumulative;  // beside m_classes
  std::vector<Place> m_low_ground;
};

}  // namespace gridwall::sim
