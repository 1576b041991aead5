#include "feed/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kScheme = "tcp://";
constexpr std::size_t kHostNameMax = 253;

bool is_ipv4(const std::string& host, in_addr& address) {
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host, in6_addr& address) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1;
}

// Letters, digits, hyphens and dots, and not all digits and dots: that is a mistyped address.
bool is_host_name(std::string_view host) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '.'; };
  return !host.empty() && host.size() <= kHostNameMax && std::all_of(host.begin(), host.end(), fits) &&
         std::any_of(host.begin(), host.end(), is_letter) && host.front() != '-' && host.front() != '.';
}

bool is_host(const std::string& host, EndpointUse use) {
  in_addr v4{};
  in6_addr v6{};
  return is_ipv4(host, v4) || is_ipv6(host, v6) || (use == EndpointUse::Connect && is_host_name(host));
}

std::string_view exposed_text(EndpointUse use) {
  return use == EndpointUse::Bind
             ? "is open to other machines (only 127.0.0.1 is not): either give the hub keys (--keys FOLDER, made by "
               "'gridwall keys new hub'), or spell out --insecure, then everybody who reaches the port reads and writes"
             : "is another machine: either prove who you are (--key FILE, made by 'gridwall keys new client'), or "
               "spell out --insecure, then anybody on the way reads and changes what is sent";
}

}  // namespace

std::string Endpoint::text() const {
  return port == 0 ? fmt::format("tcp://{}:*", host) : fmt::format("tcp://{}:{}", host, port);
}

bool Endpoint::is_loopback() const {
  in_addr v4{};
  in6_addr v6{};
  if (is_ipv4(host, v4)) return (ntohl(v4.s_addr) >> 24) == 127;
  return is_ipv6(host, v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use, Protection protection) {
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
  endpoint.host = host == "localhost"                       ? "127.0.0.1"
                  : host == "*" && use == EndpointUse::Bind ? "0.0.0.0"
                                                            : std::string(host);
  if (!is_host(endpoint.host, use)) {
    return refuse(ErrorCode::InvalidArgument, use == EndpointUse::Bind
                                                  ? "expected an address of this machine such as 127.0.0.1, or *"
                                                  : "expected an address such as 10.0.0.4 or [fd00::4], or a name");
  }
  if (protection == Protection::Loopback && !endpoint.is_loopback()) {
    return refuse(ErrorCode::Unsupported, exposed_text(use));
  }
  if (port_text == "*" && use == EndpointUse::Bind) return endpoint;
  const auto [next, failure] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), endpoint.port);
  const bool is_number = failure == std::errc{} && next == port_text.data() + port_text.size();
  if (!is_number || endpoint.port == 0) {
    return refuse(ErrorCode::InvalidArgument, use == EndpointUse::Bind ? "the port must be 1 to 65535, or * for any"
                                                                       : "the port must be 1 to 65535");
  }
  return endpoint;
}

}  // namespace gridwall::feed
