// Endpoint: "tcp://127.0.0.1:5700" in its parts. Only loopback is allowed until sockets carry keys; the refusal says
// so. Test: tests/unit/feed/endpoint_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gridwall::feed {

struct Endpoint {
  std::string host;        // an IPv4 loopback address
  std::uint16_t port = 0;  // 0 stands for '*': any free port, for binding only

  [[nodiscard]] std::string text() const;
};

enum class EndpointUse { Bind, Connect };

base::Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use);

}  // namespace gridwall::feed
