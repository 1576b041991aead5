// Header bytes from a socket: never read past the end, and what is understood is written back byte for byte.
#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/feed_header.hpp"
#include "wire/feed_tracker.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view bytes = fuzz::as_text(data, size);
  auto header = wire::decode_feed_header(bytes);
  if (!header.ok()) return 0;
  std::string expected(bytes);
  expected[6] = expected[7] = 0;  // reserved: not looked at, written as 0
  ASSERT(wire::encode_feed_header(*header) == expected, "written otherwise than read");
  // A tracker must take any header that decodes.
  wire::FeedTracker tracker({"a/", 1});
  const wire::Now now{base::MonoTime(std::chrono::hours(1)), base::UtcTime(std::chrono::hours(1))};
  tracker.on_clock_offset({header->sent_at, std::chrono::milliseconds(1), header->epoch});
  tracker.on_event(*header, "a/", now);
  header->sequence += 2;
  tracker.on_event(*header, "a/~", now);
  tracker.tick(now);
  return 0;
}
