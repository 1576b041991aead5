// The options of a hub over the small tree, with the small vocabulary and plain rules; no journal, no keys.
#pragma once

#include "hub/hub.hpp"
#include "intake_support.hpp"

namespace gridwall::test {

// `clock` must outlive the hub.
inline hub::HubOptions small_hub_options(const base::Clock& clock) {
  hub::HubOptions options;
  options.profile_id = "test";
  options.tree = small_tree();
  options.vocabulary = small_vocabulary();
  options.rules = plain_rules();
  options.clock = &clock;
  return options;
}

}  // namespace gridwall::test
