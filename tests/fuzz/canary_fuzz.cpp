// The canary: a fault is planted, and the fuzzer must find it. It proves that a broken property ends the run.
#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/event_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view message = fuzz::as_text(data, size);
  const wire::DecodedBatch batch = wire::decode_events(message);
  ASSERT(!(batch.elements.size() == 1 && message.starts_with("[4]")), "the planted fault was found");
  return 0;
}
