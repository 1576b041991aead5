// IncidentStore: incidents in pages of kIncidentsPerPage, in the order in which they were first heard of. A page that
// was given out is never written again: the first change after freeze() copies it (copy-on-write).
// Test: tests/unit/state/incident_store_test.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "state/world_snapshot.hpp"

namespace gridwall::state {

// Lookup by string_view without building a string.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

// One thread. An incident's number is its place; it stays until the next compact() or clear().
class IncidentStore {
 public:
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;
  [[nodiscard]] const Incident& at(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t count() const { return m_count; }

  // The id must be new.
  std::uint32_t add(Incident incident);
  // For writing; the id must not change. The reference holds until the next call of anything here.
  Incident& edit(std::uint32_t number);

  // Drops what `keep` refuses and closes the ranks: order stays, numbers behind the first gap shrink. Pages before the
  // first gap stay the same pages.
  void compact(const std::function<bool(const Incident&)>& keep);
  void clear();

  // The pages as they are now; they will not change any more.
  [[nodiscard]] std::vector<std::shared_ptr<const IncidentPage>> freeze();

 private:
  struct Slot {
    std::shared_ptr<IncidentPage> page;
    bool given_out = false;
  };
  IncidentPage& writable(std::size_t page_index);

  std::vector<Slot> m_slots;
  std::vector<std::size_t> m_written;  // pages written since the last freeze
  StringMap<std::uint32_t> m_numbers;
  std::uint32_t m_count = 0;
};

}  // namespace gridwall::state
