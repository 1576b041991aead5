// What a recording's keyframe says of chains and recurrences, from any bytes: refused or restored, never a crash; what
// is restored can be encoded again, and a ledger goes on from it.
#include <cstdlib>

#include "fuzz_entry.hpp"
#include "hub/ledger.hpp"
#include "support/plain_rules.hpp"
#include "support/small_tree.hpp"

namespace {

using namespace gridwall;

hub::Ledger& ledger() {
  static hub::Ledger kLedger = std::move(hub::Ledger::create({test::small_tree({.splits = {2}}),
                                                              std::make_shared<const model::Vocabulary>(),
                                                              test::plain_rules(true),
                                                              {},
                                                              1}))
                                   .value();
  return kLedger;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hub::StateCopy kEmpty = ledger().copy();
  std::vector<std::string_view> parts;
  for (const auto& part : kEmpty.parts) parts.emplace_back(part.bytes);
  const std::string_view memory = fuzz::as_text(data, size);
  if (!ledger().restore(kEmpty.head, parts, memory).ok()) return 0;
  const std::string again = ledger().encode_memory();
  if (!ledger().restore(kEmpty.head, parts, again).ok()) std::abort();
  hub::FeedBatch batch;
  model::Event event;
  event.type = "incident.reported";
  event.incident.incident_id = "a";
  event.division_path = "R/01/";
  event.point_units = base::Vec2i{1, 1};
  if (ledger().sequencer().last_sequence() < 1ull << 62) ledger().publish(event, {}, batch);
  return 0;
}
