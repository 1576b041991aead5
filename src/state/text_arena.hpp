// TextArena: ids laid end to end in blocks that never move, so that a view of one holds as long as the arena. Blocks
// are shared with the snapshots that name them; nothing is freed one by one. One thread writes.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

namespace gridwall::state {

class TextArena {
 public:
  std::string_view add(std::string_view text);
  [[nodiscard]] std::size_t bytes() const { return m_blocks.size() * kBlockBytes; }

 private:
  static constexpr std::size_t kBlockBytes = 64 * 1024;
  std::vector<std::unique_ptr<char[]>> m_blocks;
  std::size_t m_used_bytes = kBlockBytes;  // of the last block
};

}  // namespace gridwall::state
