// Bytes of a text that strangers wrote: nothing reads past the end, UTF-8 stays UTF-8, a text that is masked holds
// nothing more to mask, and what was found is counted.
#include <numeric>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/json_document.hpp"
#include "wire/text_mask.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view bytes = fuzz::as_text(data, size);
  const wire::MaskedText once = wire::mask_personal(bytes);
  ASSERT(!wire::is_valid_utf8(bytes) || wire::is_valid_utf8(once.text), "UTF-8 became something else");
  ASSERT(wire::mask_personal(once.text).text == once.text, "masked twice is not masked once");
  ASSERT(once.masked_count > 0 || once.text == bytes, "changed, and nothing found");
  const std::uint64_t counted = std::accumulate(once.by_mark.begin(), once.by_mark.end(), std::uint64_t{0});
  ASSERT(counted == once.masked_count, "{} finds by mark, {} in all", counted, once.masked_count);
  ASSERT(!wire::find_personal(bytes) || once.masked_count > 0, "what an identifier may not hold stays in a text");
  (void)wire::looks_like_name(bytes);
  (void)wire::is_plain_id(bytes);
  return 0;
}
