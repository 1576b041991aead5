// How fast events go from a publisher through the hub into a listener, over loopback sockets, beside the floor: plain
// ZeroMQ publishing and receiving the very same messages, in the same run. Median of 5; prints JSON.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "base/json_writer.hpp"
#include "feed/client.hpp"
#include "feed/subscriber.hpp"
#include "hub/hub.hpp"
#include "support/plain_rules.hpp"
#include "support/small_tree.hpp"
#include "wire/event_codec.hpp"

namespace gridwall {
namespace {

constexpr std::size_t kEventCount = 100'000;
constexpr std::size_t kEventsPerMessage = 50;
constexpr int kRunCount = 5;

const base::SystemClock kClock;

std::shared_ptr<const model::Vocabulary> vocabulary() {
  model::Vocabulary result;
  result.lifecycle = {{"incident.reported", {}, model::CaseState::Reported, "", ""}};
  return std::make_shared<const model::Vocabulary>(std::move(result));
}

// Messages of a publisher: arrays of events all over the small tree, none of them twice in one run.
std::vector<std::string> publisher_messages(int run) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < kEventCount; i += kEventsPerMessage) {
    std::string message = "[";
    for (std::size_t k = i; k < i + kEventsPerMessage; ++k) {
      model::Event event;
      event.id = fmt::format("{}-{}", run, k);
      event.source = "bench";
      event.type = "incident.reported";
      event.occurred_at = kClock.now_utc();
      event.incident.incident_id = fmt::format("incident-{}", event.id);
      event.incident.class_code = "E04.06";
      event.incident.channel = "collector";
      event.incident.crs = "EPSG:4326";
      event.incident.point = base::Vec2d{119.965 + 0.07 * static_cast<double>(k * 37 % 1009) / 1009,
                                         31.60 + 0.05 * static_cast<double>(k * 53 % 997) / 997};
      if (k != i) message += ',';
      message += wire::encode_intake_event(event);
    }
    messages.push_back(message + "]");
  }
  return messages;
}

double seconds_since(base::MonoTime start) { return std::chrono::duration<double>(kClock.now_mono() - start).count(); }

double through_the_hub(const hub::HubOptions& options, int run) {
  const auto hub = std::move(hub::Hub::start(options)).value();
  feed::SubscriberOptions subscriber_options;
  subscriber_options.request_endpoint = hub->requests_endpoint();
  auto subscriber = std::move(feed::Subscriber::connect(subscriber_options, kClock)).value();
  while (subscriber.poll(std::chrono::milliseconds(20)).status.state != model::FeedState::Live) {
  }
  const auto messages = publisher_messages(run);
  const base::MonoTime start = kClock.now_mono();
  std::thread publisher([&] {
    auto client = std::move(feed::Client::connect(hub->requests_endpoint(), kClock)).value();
    std::size_t sent = 0;
    while (sent < messages.size() || client.in_flight_count() > 0) {
      while (sent < messages.size() && client.has_room()) client.send(messages[sent++]);
      (void)client.poll(std::chrono::milliseconds(5));
    }
  });
  std::size_t heard = 0;
  while (heard < kEventCount) heard += count_events(subscriber.poll(std::chrono::milliseconds(20)));
  const double elapsed_s = seconds_since(start);
  publisher.join();
  return elapsed_s;
}

double plain_zeromq(const std::vector<hub::FeedMessage>& messages) {
  zmq::context_t context{1};
  zmq::socket_t xpub(context, zmq::socket_type::xpub), sub(context, zmq::socket_type::sub);
  xpub.set(zmq::sockopt::sndhwm, 0);
  sub.set(zmq::sockopt::rcvhwm, 0);
  xpub.bind("tcp://127.0.0.1:*");
  sub.set(zmq::sockopt::subscribe, "");
  sub.connect(xpub.get(zmq::sockopt::last_endpoint));
  zmq::message_t subscription;
  if (!xpub.recv(subscription)) return 0;
  const base::MonoTime start = kClock.now_mono();
  std::thread publisher([&] {
    for (const hub::FeedMessage& message : messages) {
      xpub.send(zmq::buffer(message.topic), zmq::send_flags::sndmore);
      xpub.send(zmq::buffer(message.header), zmq::send_flags::sndmore);
      xpub.send(zmq::buffer(message.body), zmq::send_flags::none);
    }
  });
  zmq::message_t part;
  for (std::size_t i = 0; i < 3 * messages.size(); ++i) {
    if (!sub.recv(part)) break;
  }
  const double elapsed_s = seconds_since(start);
  publisher.join();
  return elapsed_s;
}

// The intake alone, which also gives the feed's bytes for the floor.
double intake_alone(const hub::HubOptions& options, int run, std::vector<hub::FeedMessage>& out) {
  hub::IntakeOptions intake_options;
  intake_options.ledger = {options.tree, options.vocabulary, options.rules, {}, 1};
  hub::Intake intake = std::move(hub::Intake::create(std::move(intake_options))).value();
  const auto messages = publisher_messages(run);
  out.clear();
  const base::MonoTime start = kClock.now_mono();
  for (const std::string& message : messages) {
    auto result = intake.take(message, kClock.now_utc(), kClock.now_mono());
    std::move(result.batch.messages.begin(), result.batch.messages.end(), std::back_inserter(out));
  }
  return seconds_since(start);
}

double median(std::array<double, kRunCount> values) {
  std::sort(values.begin(), values.end());
  return values[kRunCount / 2];
}

int run() {
  hub::HubOptions options;
  options.profile_id = "bench";
  options.tree = test::small_tree();
  options.vocabulary = vocabulary();
  options.rules = test::plain_rules();
  options.clock = &kClock;
  options.client_bytes = {};
  options.feed_queue_messages = static_cast<int>(kEventCount) + 1000;
  std::array<double, kRunCount> hub_s{}, plain_s{}, intake_s{};
  std::vector<hub::FeedMessage> messages;
  for (int i = 0; i < kRunCount; ++i) {
    const auto at = static_cast<std::size_t>(i);
    intake_s[at] = intake_alone(options, i, messages);
    plain_s[at] = plain_zeromq(messages);
    hub_s[at] = through_the_hub(options, i);
  }
  std::size_t bytes = 0;
  for (const auto& message : messages) bytes += message.topic.size() + message.header.size() + message.body.size();
  const double count = kEventCount;
  base::JsonWriter json;
  json.begin_object().field("bench", "feed").field("events", kEventCount).field("runs", kRunCount);
  json.field("bytes_per_event", static_cast<double>(bytes) / count);
  json.field("hub_events_per_s", std::round(count / median(hub_s)));
  json.field("intake_alone_events_per_s", std::round(count / median(intake_s)));
  json.field("plain_zeromq_messages_per_s", std::round(count / median(plain_s)));
  json.field("time_ratio_hub_to_plain_zeromq", median(hub_s) / median(plain_s)).end_object();
  std::printf("%s\n", json.text().c_str());
  return 0;
}

}  // namespace
}  // namespace gridwall

int main() { return gridwall::run(); }
