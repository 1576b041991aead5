// Reads one JSON element into an Event by allow-list. Private to wire: event_codec.hpp is the door.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/event_codec.hpp"
#include "wire/json_document.hpp"

namespace gridwall::wire {

struct Fault {
  RefusalReason reason = RefusalReason::MalformedJson;
  std::string detail;
};
using MaybeFault = std::optional<Fault>;

enum class Side : std::uint8_t { Intake, Feed };

class EventReader {
 public:
  explicit EventReader(Side side) : m_side(side) {}

  Element read(const JsonView& element);
  [[nodiscard]] std::uint64_t dropped_member_count() const { return m_dropped_member_count; }

 private:
  using Slot = std::optional<JsonView>;

  // Puts the values of `names` into `slots`, null as absent; counts all other members.
  MaybeFault pick(const JsonView& object, std::string_view where, std::span<const std::string_view> names,
                  std::span<Slot> slots);
  MaybeFault read_envelope(const JsonView& element, model::Event& event, Slot& data);
  MaybeFault read_data(const JsonView& data, model::Event& event);
  MaybeFault read_geometry(const JsonView& geometry, model::Event& event);
  MaybeFault read_properties(const JsonView& properties, model::Event& event);
  MaybeFault read_resolved(const JsonView& resolved, model::Event& event);

  Side m_side;
  std::uint64_t m_dropped_member_count = 0;
};

}  // namespace gridwall::wire
