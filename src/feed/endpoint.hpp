// Endpoint: "tcp://127.0.0.1:5700" in its parts. Without keys only loopback is allowed, unless insecure is spelled out;
// the refusal names both ways out. Test: tests/unit/feed/endpoint_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gridwall::feed {

struct Endpoint {
  std::string host;        // an IPv4 address, an IPv6 address in brackets, or (for connecting) a host's name
  std::uint16_t port = 0;  // 0 stands for '*': any free port, for binding only

  [[nodiscard]] std::string text() const;
  // 127.0.0.0/8 and [::1]; a name never is, whatever it resolves to.
  [[nodiscard]] bool is_loopback() const;
};

enum class EndpointUse { Bind, Connect };

// What stands between the socket and strangers.
enum class Protection {
  Loopback,  // nothing but the machine's own border
  Keys,      // CURVE: other machines may be named
  Insecure,  // nothing, and whoever started us said so: other machines may be named
};

// For binding, "*" as the host stands for all IPv4 interfaces.
base::Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use,
                                      Protection protection = Protection::Loopback);

}  // namespace gridwall::feed
