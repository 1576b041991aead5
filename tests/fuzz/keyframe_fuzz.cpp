// Bytes taken for the parts of a keyframe: refused or restored, never a crash. The seal (a hash at the end) is put
// right first, or nothing but the seal would be tested. Beside them the case that a move brings.
#include <cstdint>
#include <memory>
#include <string>

#include "base/hash.hpp"
#include "fuzz_entry.hpp"
#include "state/case_move.hpp"
#include "state/keyframe.hpp"
#include "support/small_tree.hpp"

namespace {

gridwall::state::World& world() {
  using namespace gridwall;
  static const auto vocabulary = std::make_shared<const model::Vocabulary>();
  static const auto rules = std::make_shared<const model::DistrictRules>();
  static state::World kWorld(test::small_tree(), vocabulary, rules);
  return kWorld;
}

std::string sealed(std::string bytes) {
  const std::uint64_t hash = gridwall::base::hash_bytes(bytes);
  bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  if (size < 2) return 0;
  const std::size_t head_size = std::min<std::size_t>(data[0], size - 1);
  const auto* text = reinterpret_cast<const char*>(data) + 1;
  // The tree's hash is ours whatever the input says: it would be refused for that alone.
  const auto with_tree = [](std::string bytes) {
    const std::uint64_t hash = test::small_tree()->content_hash();
    if (bytes.size() >= 14) bytes.replace(6, 8, reinterpret_cast<const char*>(&hash), 8);
    return sealed(std::move(bytes));
  };
  const std::string head = with_tree(std::string(text, head_size));
  const std::string part = with_tree(std::string(text + head_size, size - 1 - head_size));
  const std::string_view parts[] = {part};
  if (state::restore_keyframe(world(), head, parts).ok()) {
    world().advance_to(world().state_time() + std::chrono::days(40));
    (void)world().freeze();
    (void)state::encode_keyframe(world());
  }
  // The same bytes as a case that another hub says has moved here.
  model::SequencedEvent moved;
  moved.event.type = model::kMovedIn;
  moved.event.incident.incident_id = "a";
  moved.event.moved_case.assign(text, size - 1);
  moved.division = world().tree().root();
  moved.sequence = world().sequence() + 1;
  moved.state_time = world().state_time();
  world().apply({&moved, 1});
  (void)state::encode_case(world(), "a");
  return 0;
}
