// StateItems: what a subscriber's items do to a fold, for walls and for listeners with a state: restore, apply,
// advance, and compare digests at a beat. Test: tests/e2e/feed/digests_agree.py.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "feed/subscriber.hpp"
#include "state/world.hpp"

namespace gridwall::app {

// What the subscriber is to be told, in its own thread.
struct BeatAnswer {
  std::uint64_t beat = 0;
  bool equal = false;
};
struct ItemAnswers {
  std::vector<BeatAnswer> beats;
  std::string restore_failure;  // not empty: the newest Restore could not be used
};

// In order. Events have been resolved.
ItemAnswers fold_items(state::World& world, const std::vector<feed::Item>& items);
void tell(feed::Subscriber& subscriber, const ItemAnswers& answers);

// The digest of a prefix as heartbeats tell it; empty when the tree has no such division.
std::string digest_text(const state::World& world, std::string_view prefix);

}  // namespace gridwall::app
