// ConnectSecurity: how a client proves who it is to a hub. A value that every connecting side of ours takes.
#pragma once

#include <optional>

#include "feed/curve_keys.hpp"
#include "feed/endpoint.hpp"

namespace gridwall::feed {

struct ConnectSecurity {
  std::optional<ClientKey> key;  // read_client_key(); then every connection speaks CURVE
  bool insecure = false;         // other machines may be named without a key
};

[[nodiscard]] inline Protection protection_of(const ConnectSecurity& security) {
  if (security.key) return Protection::Keys;
  return security.insecure ? Protection::Insecure : Protection::Loopback;
}

}  // namespace gridwall::feed
