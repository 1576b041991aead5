// Bytes taken for a tree's image: refused or opened, never a crash; what opens has no index out of its bounds. The
// hashes are put right first, or nothing but the hashes would be tested.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "fuzz_entry.hpp"
#include "model/tree_image.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  constexpr std::align_val_t kAlignment{64};
  const std::shared_ptr<char[]> bytes(new (kAlignment) char[size + 1],
                                      [](char* p) { ::operator delete[](p, kAlignment); });
  if (size > 0) std::memcpy(bytes.get(), data, size);
  const std::string_view view(bytes.get(), size);
  (void)model::TreeImage::label_of(view);
  (void)model::TreeImage::open(view, bytes);
  if (!model::TreeImage::seal({bytes.get(), size})) return 0;
  const auto tree = model::TreeImage::open(view, bytes);
  if (!tree.ok()) return 0;
  for (const model::Division& division : tree->divisions()) {
    for (std::uint32_t i = division.triangle_indices.begin; i < division.triangle_indices.end; ++i) {
      if (!division.vertices.contains(tree->triangle_indices()[i])) std::abort();
    }
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
      const model::Range vertices = tree->rings()[r].vertices;
      if (vertices.begin < division.vertices.begin || vertices.end > division.vertices.end) std::abort();
    }
    if (division.vertices.end > tree->vertices().size()) std::abort();
    if (division.children.end > tree->divisions().size()) std::abort();
    (void)tree->find(division.code);
    (void)tree->find_path(division.path);
  }
  return 0;
}
