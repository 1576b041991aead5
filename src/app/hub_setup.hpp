// HubOptions from what a command read: the district and its rules, and where the hub's doors are and who may come in.
// One place, so that a field which a hub needs cannot be forgotten by one of the commands that start hubs.
// Test: tests/unit/app/hub_setup_test.cpp.
#pragma once

#include <string>

#include "app/command_line.hpp"
#include "app/security_options.hpp"
#include "app/wall_data.hpp"
#include "hub/hub.hpp"

namespace gridwall::app {

// Of a hub that is a program of its own; a hub in the wall's process takes any free ports (HubOptions' defaults).
struct HubDoors {
  std::string requests = "tcp://127.0.0.1:5700";
  std::string feed = "tcp://127.0.0.1:5701";
  std::string sync = "tcp://127.0.0.1:*";
  long long feed_queue_mib = 48;
  HubSecurityOptions security;
};
// --requests, --feed, --sync, --feed-queue and those of security
void add_door_options(CommandLine& line, HubDoors& doors);

// What it serves: the divisions, code tables and rules of `data`. The clock is the caller's to set: it must outlive
// the hub.
[[nodiscard]] hub::HubOptions hub_options(const WallData& data);
[[nodiscard]] hub::HubOptions hub_options(const WallData& data, const HubDoors& doors);

}  // namespace gridwall::app
