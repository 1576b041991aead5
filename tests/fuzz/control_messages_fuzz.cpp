// Requests, answers, heartbeats and beacons: no crash, and what is understood comes back equal.
#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/answers.hpp"
#include "wire/feed_tracker.hpp"
#include "wire/heartbeat.hpp"
#include "wire/hub_health.hpp"
#include "wire/requests.hpp"
#include "wire/topics.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view bytes = fuzz::as_text(data, size);
  const wire::Request request = wire::decode_request(bytes);
  if (const auto* ping = std::get_if<wire::PingRequest>(&request)) {
    const auto again = wire::decode_request(wire::encode_ping(ping->sent));
    ASSERT(std::get<wire::PingRequest>(again).sent == ping->sent, "ping");
  }
  if (const auto* control = std::get_if<wire::ControlRequest>(&request)) {
    const auto again = wire::decode_control(wire::encode_control(*control));
    ASSERT(again.ok() && *again == *control, "control");
  }
  if (const auto status = wire::decode_replay_status(bytes); status.ok()) {
    const auto again = wire::decode_replay_status(wire::encode_replay_status(*status));
    ASSERT(again.ok() && *again == *status, "replay status");
  }
  if (const auto heartbeat = wire::decode_heartbeat(bytes); heartbeat.ok()) {
    const auto again = wire::decode_heartbeat(wire::encode_heartbeat(*heartbeat));
    ASSERT(again.ok() && *again == *heartbeat, "heartbeat");
    wire::FeedTracker tracker({heartbeat->prefix.ends_with('/') ? heartbeat->prefix : "a/", 1});
    const wire::Now now{base::MonoTime(std::chrono::hours(1)), base::UtcTime(std::chrono::hours(1))};
    tracker.on_heartbeat(*heartbeat, now);
    tracker.on_clock_offset({heartbeat->clock.sent_at, std::chrono::milliseconds(1), heartbeat->epoch});
    tracker.tick(now);
  }
  if (const auto beacon = wire::decode_clock_beacon(bytes); beacon.ok()) {
    const auto again = wire::decode_clock_beacon(wire::encode_clock_beacon(*beacon));
    ASSERT(again.ok() && *again == *beacon, "beacon");
  }
  if (const auto answers = wire::decode_answers(bytes); answers.ok()) {
    const auto again = wire::decode_answers(wire::encode_answers(*answers));
    ASSERT(again.ok() && *again == *answers, "answers");
  }
  if (const auto pong = wire::decode_pong(bytes); pong.ok()) {
    wire::ClockOffset offset;
    offset.on_pong(pong->sent, base::MonoTime(std::chrono::hours(1)), pong->hub_mono, pong->epoch);
  }
  if (const auto density = wire::decode_density(bytes); density.ok()) {
    const auto again = wire::decode_density(wire::encode_density(*density));
    ASSERT(again.ok() && *again == *density, "density");
  }
  if (const auto kept = wire::decode_kept_bookmark(bytes); kept.ok()) {
    const auto again = wire::decode_kept_bookmark(wire::encode_kept_bookmark(*kept));
    ASSERT(again.ok() && *again == *kept, "kept bookmark");
  }
  static_cast<void>(wire::decode_hub_status(bytes));
  static_cast<void>(wire::decode_hello(bytes));
  static_cast<void>(wire::topic_kind(bytes));
  return 0;
}
