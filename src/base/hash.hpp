// 64-bit content hashes (XXH3). For identity and checks, not for security.
#pragma once

#include <cstdint>
#include <string_view>

namespace gridwall::base {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace gridwall::base
