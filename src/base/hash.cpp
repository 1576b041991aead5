#include "base/hash.hpp"

#include <xxhash.h>

#include <cstring>

namespace gridwall::base {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

ContentAddress content_address(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  ContentAddress address;
  static_assert(sizeof canonical.digest == sizeof address);
  std::memcpy(address.data(), canonical.digest, address.size());
  return address;
}

}  // namespace gridwall::base
