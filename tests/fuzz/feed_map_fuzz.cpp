// Files of foreign feeds under every shipped map: no crash, the same bytes give the same events, and every event that
// comes out is one that the hub's decoder takes as it is. The first byte says which map, the rest is the file.
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/event_codec.hpp"
#include "wire/feed_map.hpp"

namespace gridwall {
namespace {

constexpr std::array<const char*, 7> kMaps{"nyc311", "boston311", "open311", "usgs", "cap", "egova", "eido"};

const wire::FeedMap& map_of(std::size_t index) {
  static std::array<std::optional<wire::FeedMap>, kMaps.size()> maps;
  if (!maps[index]) {
    const std::filesystem::path config = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "config";
    const auto file = model::ConfigTable::open(config / "maps" / (std::string(kMaps[index]) + ".toml"));
    ASSERT(file.ok(), "{}", file.error().message);
    const std::string table = wire::class_table_name(*file).value();
    std::optional<model::ConfigTable> classes;
    if (!table.empty()) classes = model::ConfigTable::open(config / "classes" / (table + ".toml")).value();
    maps[index] = wire::read_feed_map(*file, classes ? &*classes : nullptr).value();
  }
  return *maps[index];
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  if (size == 0) return 0;
  // A digit for the map, so that a corpus file can be written by hand.
  const wire::FeedMap& map = map_of(static_cast<std::uint8_t>(data[0] - '0') % kMaps.size());
  const std::string_view bytes = fuzz::as_text(data + 1, size - 1);
  const auto feed = wire::map_feed(map, bytes);
  if (!feed.ok()) {
    ASSERT(!feed.error().message.empty(), "a refusal without a sentence");
    return 0;
  }
  const auto again = wire::map_feed(map, bytes);
  ASSERT(again.ok() && again->events.size() == feed->events.size(), "mapped twice, other events");
  wire::EventDecoder decoder;
  for (std::size_t i = 0; i < feed->events.size(); ++i) {
    const model::Event& event = feed->events[i].event;
    ASSERT(event == again->events[i].event, "mapped twice, another event");
    const wire::DecodedBatch batch = decoder.decode_intake(wire::encode_intake_event(event));
    ASSERT(batch.elements.size() == 1 && batch.dropped_member_count == 0, "{}", batch.elements.size());
    if (const auto* refusal = std::get_if<wire::Refusal>(&batch.elements[0])) ASSERT(false, "{}", refusal->detail);
    ASSERT(std::get<model::Event>(batch.elements[0]) == event, "changed by the codec: {}", event.id);
  }
  return 0;
}
