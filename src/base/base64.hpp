// Base64 of RFC 4648, section 4: bytes as text inside JSON. With padding, no line ends.
// Test: tests/unit/base/base64_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gridwall::base {

std::string to_base64(std::string_view bytes);
// Nothing when it is none: another letter, a wrong length, padding in the middle, or bits that encoding would not set.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace gridwall::base
