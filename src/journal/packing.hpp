// Bytes of a row that is no chunk: the XXH3 of what is inside (8 bytes), then a zstd frame. A row that was changed is
// told from a whole one before anybody reads it. Test: tests/unit/journal/writer_test.cpp, damage_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/compressor.hpp"
#include "base/hash.hpp"
#include "base/varint.hpp"

namespace gridwall::journal {

inline std::string pack(base::Compressor& compressor, std::string_view bytes) {
  std::string packed;
  base::put_fixed(packed, base::hash_bytes(bytes));
  return packed + compressor.compress(bytes);
}

// Error: Malformed.
inline base::Result<std::string> unpack(base::Decompressor& decompressor, std::string_view packed,
                                        std::size_t bytes_max) {
  base::NumberReader reader(packed);
  const auto hash = reader.fixed<std::uint64_t>();
  std::string bytes;
  TRY(decompressor.decompress(reader.rest(), bytes_max, bytes));
  if (base::hash_bytes(bytes) != hash) {
    return base::Error{base::ErrorCode::Malformed, "its bytes were changed: their hash is another"};
  }
  return bytes;
}

}  // namespace gridwall::journal
