// Bytes taken for what a recording's rows hold: a chunk of events, a run of keys, a packed blob. The first byte says
// which; each is refused or decoded, never a crash, and what decodes is encoded to bytes that decode to the same.
#include <cstdlib>
#include <string>
#include <vector>

#include "fuzz_entry.hpp"
#include "journal/chunk_codec.hpp"
#include "journal/key_run.hpp"
#include "journal/packing.hpp"

namespace {

using namespace gridwall;
using namespace gridwall::journal;

void read_chunk(std::string_view bytes) {
  std::vector<Record> records, again;
  if (!ChunkReader().read(bytes, records).ok()) return;
  ChunkBuilder builder;
  for (const Record& record : records) {
    if (record.sequence == 0) std::abort();
    builder.add(record);
  }
  std::string chunk;
  builder.finish(chunk);
  if (!ChunkReader().read(chunk, again).ok() || again != records) std::abort();
}

void read_keys(std::string_view bytes) {
  std::vector<DedupeKey> keys, again;
  if (!decode_key_run(bytes, keys).ok()) return;
  if (!decode_key_run(encode_key_run(keys), again).ok() || again != keys) std::abort();
}

void read_packed(std::string_view bytes) {
  base::Decompressor decompressor;
  (void)unpack(decompressor, bytes, std::size_t{1} << 20);
  std::string inside;
  if (decompressor.decompress(bytes, std::size_t{1} << 20, inside).ok()) {
    read_chunk(inside);
    read_keys(inside);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::as_text(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      read_chunk(bytes);
      break;
    case 1:
      read_keys(bytes);
      break;
    default:
      read_packed(bytes);
      break;
  }
  return 0;
}
