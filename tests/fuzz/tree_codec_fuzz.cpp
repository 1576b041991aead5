// Bytes taken for a division tree: refused or decoded, never a crash; what decodes is encoded to bytes that decode to
// the same. The seal (a hash at the end) is put right first, or nothing but the seal would be tested.
#include <cstdlib>
#include <string>

#include "base/hash.hpp"
#include "fuzz_entry.hpp"
#include "model/tree_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  (void)model::decode_tree(fuzz::as_text(data, size));
  std::string bytes(fuzz::as_text(data, size));
  const std::uint64_t seal = base::hash_bytes(bytes);
  bytes.append(reinterpret_cast<const char*>(&seal), sizeof seal);
  const auto tree = model::decode_tree(bytes);
  if (!tree.ok()) return 0;
  for (const std::uint32_t index : tree->triangle_indices()) {
    if (index >= tree->vertices().size()) std::abort();
  }
  const auto again = model::decode_tree(model::encode_tree(*tree));
  if (!again.ok() || again->content_hash() != tree->content_hash()) std::abort();
  return 0;
}
