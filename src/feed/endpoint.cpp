#include "feed/endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kScheme = "tcp://";

// 127.0.0.0/8, written as four numbers.
bool is_ipv4_loopback(std::string_view host) {
  int parts[4] = {};
  const char* at = host.data();
  const char* const end = host.data() + host.size();
  for (int i = 0; i < 4; ++i) {
    const auto [next, failure] = std::from_chars(at, end, parts[i]);
    if (failure != std::errc{} || parts[i] < 0 || parts[i] > 255) return false;
    at = next;
    if (i < 3) {
      if (at == end || *at != '.') return false;
      ++at;
    }
  }
  return at == end && parts[0] == 127;
}

}  // namespace

std::string Endpoint::text() const {
  return port == 0 ? fmt::format("tcp://{}:*", host) : fmt::format("tcp://{}:{}", host, port);
}

Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use) {
  const auto refuse = [&](ErrorCode code, std::string_view why) {
    return Error{code, fmt::format("endpoint '{}': {}", text, why)};
  };
  if (!text.starts_with(kScheme)) {
    return refuse(ErrorCode::InvalidArgument, "expected tcp://HOST:PORT, for example tcp://127.0.0.1:5700");
  }
  const std::string_view rest = text.substr(kScheme.size());
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return refuse(ErrorCode::InvalidArgument, "expected a host and a port, for example tcp://127.0.0.1:5700");
  }
  const std::string_view host = rest.substr(0, colon);
  const std::string_view port_text = rest.substr(colon + 1);

  Endpoint endpoint;
  endpoint.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  if (!is_ipv4_loopback(endpoint.host)) {
    return refuse(ErrorCode::Unsupported,
                  "only loopback (127.0.0.1) is allowed: sockets to other machines need keys, which this version does "
                  "not have yet; use a tunnel, for example ssh -L");
  }
  if (port_text == "*" && use == EndpointUse::Bind) return endpoint;
  const auto [next, failure] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), endpoint.port);
  const bool is_number = failure == std::errc{} && next == port_text.data() + port_text.size();
  if (!is_number || endpoint.port == 0) {
    return refuse(ErrorCode::InvalidArgument, use == EndpointUse::Bind ? "the port must be 1 to 65535, or * for any"
                                                                       : "the port must be 1 to 65535");
  }
  return endpoint;
}

}  // namespace gridwall::feed
