// Publishers' bytes: no crash, and whatever gets in can be written and read again without change. What the quick way of
// reading takes, the general one takes too, and makes the same of it.
#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/constants.hpp"
#include "wire/event_codec.hpp"
#include "wire/event_reader.hpp"
#include "wire/plain_event_reader.hpp"

namespace gridwall {
namespace {

void check_event(wire::EventDecoder& decoder, model::Event event) {
  ASSERT(event.incident.incident_id.size() <= wire::kSubjectBytesMax, "too long");
  ASSERT(event.division_path.empty() && !event.point_lonlat, "a publisher wrote what only the hub may");
  const std::string bytes = wire::encode_event(event);
  const wire::DecodedBatch again = decoder.decode_intake(bytes);
  ASSERT(again.elements.size() == 1 && again.dropped_member_count == 0, "changed by writing");
  const auto* read = std::get_if<model::Event>(&again.elements[0]);
  ASSERT(read != nullptr && *read == event, "does not come back: {}", bytes);
  event.division_path = "a/b/~";
  const auto from_feed = decoder.decode_feed_event(wire::encode_event(event));
  ASSERT(from_feed.ok() && *from_feed == event, "does not come back from the feed");
}

void check_both_ways(std::string_view message) {
  model::Event quick;
  if (!wire::read_plain_event(message, quick)) return;
  wire::JsonDocument document(wire::kMessageBytesMax, wire::kMessageDepthMax);
  ASSERT(document.parse(message) == wire::JsonFault::None, "taken, but no JSON: {}", message);
  const wire::Element general = wire::EventReader(wire::Side::Feed).read(document.root());
  const auto* event = std::get_if<model::Event>(&general);
  ASSERT(event != nullptr && *event == quick, "read otherwise: {}", message);
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  wire::EventDecoder decoder;
  const std::string_view message = fuzz::as_text(data, size);
  wire::DecodedBatch batch = decoder.decode_intake(message);
  ASSERT(!batch.elements.empty() && batch.elements.size() <= wire::kMessageElementsMax, "{}", batch.elements.size());
  check_both_ways(message);
  const auto from_feed = decoder.decode_feed_event(message);
  if (from_feed.ok()) {
    const auto again = decoder.decode_feed_event(wire::encode_event(*from_feed));
    ASSERT(again.ok() && *again == *from_feed, "a feed event does not come back");
  }
  for (wire::Element& element : batch.elements) {
    if (auto* event = std::get_if<model::Event>(&element)) check_event(decoder, std::move(*event));
  }
  return 0;
}
