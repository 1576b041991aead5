// The request socket's small talk, JSON both ways: ping (for the clock offset), hello (who are you), status, control of
// a replay (control.hpp), and publishing: whatever is no {"op":...} is a publisher's event or array of events, so that
// ten lines of Python can send.
// Test: tests/unit/wire/requests_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/constants.hpp"
#include "wire/control.hpp"
#include "wire/heartbeat.hpp"

namespace gridwall::wire {

struct PingRequest {
  base::MonoTime sent{};  // the asker's monotonic clock, returned as it is
};
struct HelloRequest {};
struct StatusRequest {};   // how the hub does
struct PublishRequest {};  // give the same bytes to EventDecoder::decode_intake
struct DensityRequest {
  std::size_t bucket_count = 0;  // 1 to kDensityBucketsMax
};
struct BadRequest {
  std::string detail;  // answer with encode_error
};
using Request = std::variant<PingRequest, HelloRequest, PublishRequest, BadRequest, ControlRequest, StatusRequest,
                             DensityRequest>;

// Looks into short messages only; anything that has no "op" is a PublishRequest, whatever it is.
Request decode_request(std::string_view message);
std::string encode_ping(base::MonoTime sent);
std::string encode_hello_request();
std::string encode_status_request();

struct Pong {
  base::MonoTime sent{};      // of the ping
  base::Duration hub_mono{};  // the hub's monotonic clock when it answered
  base::UtcTime hub_utc{};    // the hub's clock, shown only
  std::uint64_t epoch = 0;
};
struct Hello {
  int protocol = kProtocolVersion;
  JournalId journal{};
  std::uint64_t epoch = 0;
  std::uint16_t feed_port = 0;  // tcp, on the host that was asked
  std::uint16_t sync_port = 0;  // the same; 0: this hub has no snapshots
  std::string profile;          // id of the hub's profile
  std::string root_path;        // "320281/": what a wall of the whole district follows
  std::uint64_t tree_hash = 0;
  std::uint64_t rules_hash = 0;  // as in heartbeats
  ClockState clock;              // sent_at is the hub's monotonic time at the answer
};

std::string encode_pong(const Pong& pong);
std::string encode_hello(const Hello& hello);
std::string encode_error(std::string_view detail);
// Errors: Malformed; Refused when the hub answered {"error":...}.
base::Result<Pong> decode_pong(std::string_view message);
base::Result<Hello> decode_hello(std::string_view message);

}  // namespace gridwall::wire
