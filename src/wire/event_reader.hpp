// Reads one JSON element into an Event by allow-list. Private to wire: event_codec.hpp is the door.
#pragma once

#include <array>
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

// Single members; an absent one leaves `out` as it is, unless it is required.
struct TextRule {
  std::string_view name;
  std::size_t bytes_max;
  bool required;
};
MaybeFault read_text(const std::optional<JsonView>& slot, const TextRule& rule, std::string& out);
// RFC 3339 with offset, from 1970 to 2200.
MaybeFault read_time(const std::optional<JsonView>& slot, std::string_view name, bool required,
                     std::optional<base::UtcTime>& out);

// Puts the values of `names` into `slots`, null as absent; counts all other members. At most 32 names.
MaybeFault pick_members(const JsonView& object, std::string_view where, std::span<const std::string_view> names,
                        std::span<std::optional<JsonView>> slots, std::uint64_t& dropped_count);

enum class Side : std::uint8_t { Intake, Feed };

// Members of `data.properties` that only the hub writes.
inline constexpr std::array<std::string_view, 4> kHubNames{"resolved", "name", "value", "case"};

class EventReader {
 public:
  explicit EventReader(Side side) : m_side(side) {}

  Element read(const JsonView& element);
  // The same into an empty event, which need not be moved then. What it returns is no event; nothing: it is one.
  std::optional<Element> read_into(const JsonView& element, model::Event& event);
  [[nodiscard]] std::uint64_t dropped_member_count() const { return m_dropped_member_count; }

 private:
  using Slot = std::optional<JsonView>;

  MaybeFault pick(const JsonView& object, std::string_view where, std::span<const std::string_view> names,
                  std::span<Slot> slots);
  MaybeFault read_envelope(const JsonView& element, model::Event& event, Slot& data);
  MaybeFault read_data(const JsonView& data, model::Event& event);
  MaybeFault read_alert_data(const JsonView& data, model::Event& event);
  MaybeFault read_geometry(const JsonView& geometry, model::Event& event);
  MaybeFault read_entry_properties(const JsonView& properties, model::Event& event);
  MaybeFault read_properties(const JsonView& properties, model::Event& event);
  MaybeFault read_hub_facts(std::span<const Slot, kHubNames.size()> slots, model::Event& event);
  MaybeFault read_resolved(const JsonView& resolved, model::Event& event);

  Side m_side;
  std::uint64_t m_dropped_member_count = 0;
};

}  // namespace gridwall::wire
