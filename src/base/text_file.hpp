// Whole small files in and out. Errors name the file and what to do.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gridwall::base {

Result<std::string> read_text_file(const std::filesystem::path& path,
                                   std::size_t size_max_bytes = 256u << 20);

// Written beside the target and renamed over it, so a reader never sees half a file.
Status write_text_file(const std::filesystem::path& path, std::string_view text);

}  // namespace gridwall::base
