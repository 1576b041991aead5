#include "state/text_arena.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace gridwall::state {

std::string_view TextArena::add(std::string_view text) {
  if (text.empty()) return {};
  ASSERT(text.size() <= kBlockBytes, "a text of {} bytes", text.size());
  if (m_used_bytes + text.size() > kBlockBytes) {
    m_blocks.push_back(std::make_unique<char[]>(kBlockBytes));
    m_used_bytes = 0;
  }
  char* at = m_blocks.back().get() + m_used_bytes;
  std::memcpy(at, text.data(), text.size());
  m_used_bytes += text.size();
  return {at, text.size()};
}

}  // namespace gridwall::state
