// 64-bit content hashes (XXH3). For identity and checks, not for security.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gridwall::base {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

// 128 bits in their canonical order: an address by content.
using ContentAddress = std::array<std::uint8_t, 16>;
ContentAddress content_address(std::string_view bytes);

}  // namespace gridwall::base
