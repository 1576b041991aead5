// What the feed costs, beside its floors in the same run, with a city's events of real size and the real fold:
// - a wall in step (receive, follow, decode, place, fold, prove) against a bare consumer of the same messages: raw SUB
//   receive, simdjson and the fold alone, summed. Processor time of the one thread, both drain a full inbox;
// - publish-to-state latency at 10,000 events a second, from before the publisher's send to behind the wall's fold,
//   against plain ZeroMQ of one hop (PUB to SUB) and of two (publisher, relay, SUB); the time to `accepted` apart;
// - the same lag of the others while one subscriber does not read.
// Medians of five rounds; floors and ours take turns. Usage: feed_bench [--json] [SECONDS OF A ROUND]
#include <simdjson.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include <zmq.hpp>

#include "app/state_items.hpp"
#include "base/json_writer.hpp"
#include "bench/city_events.hpp"
#include "feed/client.hpp"
#include "feed/subscriber.hpp"
#include "hub/hub.hpp"
#include "wire/event_codec.hpp"
#include "wire/feed_header.hpp"

namespace gridwall {
namespace {

namespace fs = std::filesystem;
using bench::City;
using bench::must;
constexpr int kRounds = 5;
constexpr std::size_t kChunkEvents = 20'000;  // in a wall's inbox when it begins to read
constexpr std::size_t kChunkMessageEvents = 500;
constexpr std::size_t kBurstEvents = 10;  // of one message of the latency's publisher, one a millisecond
constexpr base::Duration kBurstInterval = std::chrono::milliseconds(1);
constexpr std::size_t kWalls = 2;
constexpr int kSlowQueueMessages = 5000;  // full within a round, as 50,000 would be in a longer one
constexpr auto kArrival = std::chrono::milliseconds(400);

const base::SystemClock kClock;

std::int64_t now_ns() {
  return kClock.now_mono().time_since_epoch().count();
}

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double median(const std::vector<double>& values) {
  return percentile(values, 0.5);
}

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "feed_bench: %s\n", what);
  std::exit(1);
}

std::unique_ptr<hub::Hub> start_hub(const bench::CitySettings& city, const fs::path& journal, int queue_messages) {
  hub::HubOptions options;
  options.profile_id = "bench";
  options.tree = city.tree;
  options.vocabulary = city.vocabulary;
  options.rules = city.rules;
  options.clock = &kClock;
  options.client_bytes = {};
  options.feed_queue.bytes = static_cast<std::size_t>(queue_messages) * options.feed_queue.message_bytes;
  if (!journal.empty()) {
    options.journal.emplace();
    options.journal->folder = journal;
  }
  return must(hub::Hub::start(options));
}

// Messages of a publisher, and how many of its events went before them.
struct Burst {
  std::size_t first_event = 0;
  std::string text;
};

class Source {
 public:
  explicit Source(const bench::CitySettings& city) : m_city(city, kClock.now_utc(), std::chrono::microseconds(100)) {}
  Burst next(std::size_t events) {
    Burst burst{m_count, "["};
    for (std::size_t i = 0; i < events; ++i, ++m_count) {
      if (i > 0) burst.text += ',';
      burst.text += wire::encode_intake_event(m_city.next());
    }
    burst.text += ']';
    return burst;
  }

 private:
  City m_city;
  std::size_t m_count = 0;
};

// A wall without its picture: what `gridwall listen --state` does.
class Wall {
 public:
  Wall(const hub::Hub& hub, const bench::CitySettings& city)
      : m_subscriber(must(feed::Subscriber::connect(options_of(hub), kClock))),
        m_resolver(must(geo::EventResolver::create(city.tree))),
        m_world(city.tree, city.vocabulary, city.rules) {
    while (poll().state != model::FeedState::Live) {
    }
  }

  const model::FeedStatus& poll(base::Duration patience = std::chrono::milliseconds(20)) {
    m_newest.clear();
    feed::PollResult result = m_subscriber.poll(patience);
    for (feed::Item& item : result.items) {
      auto* event = std::get_if<model::SequencedEvent>(&item);
      if (event == nullptr) continue;
      m_resolver.resolve(*event);
      ++m_event_count;
      if (event->event.source == City::kSource) {
        m_newest.push_back(std::strtoull(event->event.id.c_str() + 2, nullptr, 10) - 1);
      }
    }
    app::tell(m_subscriber, app::fold_items(m_world, result.items));
    m_status = std::move(result.status);
    return m_status;
  }
  // Of the publisher's events, which ones the last poll folded: 0, 1, ..
  [[nodiscard]] const std::vector<std::size_t>& newest() const { return m_newest; }
  [[nodiscard]] std::size_t event_count() const { return m_event_count; }
  [[nodiscard]] const model::FeedStatus& status() const { return m_status; }

 private:
  static feed::SubscriberOptions options_of(const hub::Hub& hub) {
    feed::SubscriberOptions options;
    options.request_endpoint = hub.requests_endpoint();
    options.has_state = true;
    return options;
  }
  feed::Subscriber m_subscriber;
  geo::EventResolver m_resolver;
  state::World m_world;
  model::FeedStatus m_status;
  std::vector<std::size_t> m_newest;
  std::size_t m_event_count = 0;
};

struct RawMessage {
  std::string topic, header, body;
};

// The bare consumer: a SUB socket that hears everything.
class RawSubscriber {
 public:
  explicit RawSubscriber(const std::string& endpoint) : m_socket(m_context, zmq::socket_type::sub) {
    m_socket.set(zmq::sockopt::rcvhwm, 0);
    m_socket.set(zmq::sockopt::subscribe, "");
    m_socket.connect(endpoint);
  }
  // What is in the inbox; heartbeats and beacons are received and left out.
  void drain(std::vector<std::array<zmq::message_t, 3>>& out) {
    out.clear();
    for (;;) {
      std::array<zmq::message_t, 3> parts;
      if (!m_socket.recv(parts[0], zmq::recv_flags::dontwait)) return;
      std::size_t count = 1;
      while (parts[count - 1].more() && count < 3) {
        if (!m_socket.recv(parts[count], zmq::recv_flags::none)) return;
        ++count;
      }
      if (count == 3) out.push_back(std::move(parts));
    }
  }

 private:
  zmq::context_t m_context{1};
  zmq::socket_t m_socket;
};

// Seconds of the thread for an event.
struct Costs {
  std::vector<double> receive, parse, fold, wall;
  std::vector<double> ratios;
  std::vector<RawMessage> samples;
  double bytes_per_event = 0;
};

void publish_chunk(const hub::Hub& hub, Source& source) {
  auto client = must(feed::Client::connect(hub.requests_endpoint(), kClock));
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < kChunkEvents; i += kChunkMessageEvents) {
    messages.push_back(source.next(kChunkMessageEvents).text);
  }
  std::size_t sent = 0;
  while (sent < messages.size() || client.in_flight_count() > 0) {
    while (sent < messages.size() && client.has_room()) client.send(messages[sent++]);
    for (const feed::Answered& answered : client.poll(std::chrono::milliseconds(5))) {
      for (const wire::Answer& one : answered.answers) {
        if (one.status != wire::AnswerStatus::Accepted) give_up(one.detail.c_str());
      }
    }
  }
}

double parse_alone(const std::vector<std::array<zmq::message_t, 3>>& messages) {
  simdjson::dom::parser parser;
  std::string padded;
  const double begin = thread_seconds();
  for (const auto& parts : messages) {
    padded.assign(parts[2].data<char>(), parts[2].size());
    padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element parsed;
    if (parser.parse(padded.data(), padded.size(), false).get(parsed) != 0) give_up("a body is no JSON");
  }
  return thread_seconds() - begin;
}

double fold_alone(const std::vector<std::array<zmq::message_t, 3>>& messages, const geo::EventResolver& resolver,
                  state::World& world) {
  wire::EventDecoder decoder;
  std::vector<model::SequencedEvent> events;
  for (const auto& parts : messages) {
    const auto header = must(wire::decode_feed_header(parts[1].to_string_view()));
    model::SequencedEvent& event = events.emplace_back();
    event.event = must(decoder.decode_feed_event(parts[2].to_string_view()));
    event.sequence = header.sequence;
    event.state_time = event.received_at = header.state_time;
    resolver.resolve(event);
  }
  const double begin = thread_seconds();
  world.apply(events);
  return thread_seconds() - begin;
}

Costs measure_costs(const bench::CitySettings& city) {
  const auto hub = start_hub(city, {}, 10 * static_cast<int>(kChunkEvents));
  Source source(city);
  Wall wall(*hub, city);
  RawSubscriber raw(hub->feed_endpoint());
  const auto resolver = must(geo::EventResolver::create(city.tree));
  state::World world(city.tree, city.vocabulary, city.rules);
  Costs costs;
  std::vector<std::array<zmq::message_t, 3>> messages;
  // Two rounds first, until the cases of the city are there.
  for (int round = -2; round < kRounds; ++round) {
    publish_chunk(*hub, source);
    std::this_thread::sleep_for(kArrival);  // so that all of it is in both inboxes
    const double begin = thread_seconds();
    raw.drain(messages);
    const double receive = thread_seconds() - begin;
    const double parse = parse_alone(messages), fold = fold_alone(messages, resolver, world);
    const std::size_t wanted = wall.event_count() + messages.size();
    const double wall_begin = thread_seconds();
    while (wall.event_count() < wanted) wall.poll();
    const double whole = thread_seconds() - wall_begin;
    while (wall.poll().state != model::FeedState::Live) {
    }
    if (messages.size() < kChunkEvents || wall.status().gap_count > 0) give_up("a chunk did not arrive whole");
    if (round < 0) continue;
    const double count = static_cast<double>(messages.size()) * 1e-9;
    costs.receive.push_back(receive / count);
    costs.parse.push_back(parse / count);
    costs.fold.push_back(fold / count);
    costs.wall.push_back(whole / count);
    costs.ratios.push_back((receive + parse + fold) / whole);
  }
  for (const auto& parts : messages) {
    costs.samples.push_back({parts[0].to_string(), parts[1].to_string(), parts[2].to_string()});
    costs.bytes_per_event += static_cast<double>(parts[0].size() + parts[1].size() + parts[2].size());
  }
  costs.bytes_per_event /= static_cast<double>(messages.size());
  return costs;
}

// When each event was sent, and how long each consumer waited for it.
class Lags {
 public:
  explicit Lags(std::size_t events) : m_sent(events), m_ms(kWalls) {}
  void sent(std::size_t first, std::int64_t at) {
    for (std::size_t i = first; i < first + kBurstEvents; ++i) m_sent[i] = at;
  }
  void came(std::size_t consumer, std::size_t event, std::int64_t at) {
    m_ms[consumer].push_back(static_cast<double>(at - m_sent[event]) * 1e-6);
  }
  [[nodiscard]] std::size_t count(std::size_t consumer) const { return m_ms[consumer].size(); }
  [[nodiscard]] double at(double share) const {
    std::vector<double> all;
    for (const auto& one : m_ms) all.insert(all.end(), one.begin(), one.end());
    return percentile(std::move(all), share);
  }

 private:
  std::vector<std::atomic<std::int64_t>> m_sent;
  std::vector<std::vector<double>> m_ms;  // each written by its consumer's thread alone
};

void pace(std::size_t bursts, const std::function<void(std::size_t)>& send) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < bursts; ++i) {
    std::this_thread::sleep_until(start + i * kBurstInterval);
    send(i);
  }
}

zmq::socket_t plain_socket(zmq::context_t& context, zmq::socket_type type) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::sndhwm, 0);
  socket.set(zmq::sockopt::rcvhwm, 0);
  socket.set(zmq::sockopt::linger, 0);
  return socket;
}

void send_sample(zmq::socket_t& socket, const RawMessage& sample, std::size_t index) {
  socket.send(zmq::buffer(sample.topic), zmq::send_flags::sndmore);
  std::string header = sample.header;
  std::memcpy(header.data(), &index, sizeof index);
  socket.send(zmq::buffer(header), zmq::send_flags::sndmore);
  socket.send(zmq::buffer(sample.body), zmq::send_flags::none);
}

void hear_plain(zmq::socket_t& socket, std::size_t consumer, std::size_t events, Lags& lags) {
  zmq::message_t topic, header, body;
  while (lags.count(consumer) < events) {
    if (!socket.recv(topic) || !socket.recv(header) || !socket.recv(body)) return;
    std::size_t index = 0;
    std::memcpy(&index, header.data(), sizeof index);
    lags.came(consumer, index, now_ns());
  }
}

// Plain ZeroMQ with messages of the same size: over a relay that publishes what each request holds, or without.
double plain_p99_ms(const std::vector<RawMessage>& samples, std::size_t bursts, bool over_relay) {
  const std::size_t events = bursts * kBurstEvents;
  Lags lags(events);
  zmq::context_t context{1};
  auto out = plain_socket(context, zmq::socket_type::xpub);
  out.bind("tcp://127.0.0.1:*");
  std::vector<zmq::socket_t> subscribers;
  for (std::size_t i = 0; i < kWalls; ++i) {
    subscribers.push_back(plain_socket(context, zmq::socket_type::sub));
    subscribers.back().set(zmq::sockopt::subscribe, "");
    subscribers.back().connect(out.get(zmq::sockopt::last_endpoint));
    zmq::message_t subscription;
    if (i == 0 && !out.recv(subscription)) give_up("no subscription");
  }
  std::this_thread::sleep_for(kArrival);  // the second subscription is the same and not told
  auto in = plain_socket(context, zmq::socket_type::router), dealer = plain_socket(context, zmq::socket_type::dealer);
  in.bind("tcp://127.0.0.1:*");
  dealer.connect(in.get(zmq::sockopt::last_endpoint));
  const auto publish = [&](std::size_t burst) {
    for (std::size_t k = burst * kBurstEvents; k < (burst + 1) * kBurstEvents; ++k) {
      send_sample(out, samples[k % samples.size()], k);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kWalls; ++i) {
    threads.emplace_back([&, i] { hear_plain(subscribers[i], i, events, lags); });
  }
  if (over_relay) {
    threads.emplace_back([&] {
      zmq::message_t from, request;
      for (std::size_t burst = 0; burst < bursts; ++burst) {
        if (!in.recv(from) || !in.recv(request)) return;
        publish(burst);
      }
    });
  }
  std::string request;
  for (std::size_t k = 0; k < kBurstEvents; ++k) request += samples[k].body;
  pace(bursts, [&](std::size_t burst) {
    lags.sent(burst * kBurstEvents, now_ns());
    if (over_relay) {
      dealer.send(zmq::buffer(request), zmq::send_flags::none);
    } else {
      publish(burst);
    }
  });
  for (std::thread& thread : threads) thread.join();
  return lags.at(0.99);
}

struct HubLags {
  double p50_ms = 0, p99_ms = 0;
  double accepted_p50_ms = 0, accepted_p99_ms = 0;
};

// Publishes at the rate and takes the answers as they come.
std::vector<double> publish_paced(const hub::Hub& hub, const std::vector<Burst>& bursts, std::size_t first,
                                  Lags& lags) {
  feed::ClientOptions options;
  options.in_flight_max = 10'000;
  options.resend_after = std::chrono::minutes(1);
  options.give_up_after = {};
  auto client = must(feed::Client::connect(hub.requests_endpoint(), kClock, options));
  std::vector<double> accepted_ms;
  std::unordered_map<std::uint64_t, std::int64_t> sent_at;
  const auto hear = [&](base::Duration patience) {
    for (const feed::Answered& answered : client.poll(patience)) {
      const auto found = sent_at.find(answered.number);
      if (found != sent_at.end()) accepted_ms.push_back(static_cast<double>(now_ns() - found->second) * 1e-6);
    }
  };
  const auto start = kClock.now_mono();
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    const auto due = start + i * kBurstInterval;
    for (auto now = kClock.now_mono(); now < due; now = kClock.now_mono()) hear(due - now);
    const std::int64_t at = now_ns();
    lags.sent(bursts[i].first_event - first, at);
    sent_at[client.send(bursts[i].text)] = at;
    hear({});
  }
  while (client.in_flight_count() > 0) hear(std::chrono::milliseconds(5));
  return accepted_ms;
}

// Walls that stay for all rounds, each on a thread of its own.
class Walls {
 public:
  Walls(const hub::Hub& hub, const bench::CitySettings& city) {
    for (std::size_t i = 0; i < kWalls; ++i) m_walls.push_back(std::make_unique<Wall>(hub, city));
  }
  HubLags round(const hub::Hub& hub, Source& source, std::size_t burst_count) {
    std::vector<Burst> bursts;
    for (std::size_t i = 0; i < burst_count; ++i) bursts.push_back(source.next(kBurstEvents));
    const std::size_t first = bursts.front().first_event, events = burst_count * kBurstEvents;
    Lags lags(events);
    std::vector<std::thread> threads;
    std::atomic<std::size_t> ready = 0;
    for (std::size_t i = 0; i < kWalls; ++i) {
      threads.emplace_back([&, i] {
        // What was made between two rounds took seconds in which nobody polled.
        while (m_walls[i]->poll().state != model::FeedState::Live) {
        }
        ++ready;
        while (lags.count(i) < events) {
          m_walls[i]->poll();
          const std::int64_t at = now_ns();
          for (const std::size_t event : m_walls[i]->newest()) lags.came(i, event - first, at);
        }
      });
    }
    while (ready < kWalls) std::this_thread::sleep_for(kBurstInterval);
    const std::vector<double> accepted = publish_paced(hub, bursts, first, lags);
    for (std::thread& thread : threads) thread.join();
    return {lags.at(0.5), lags.at(0.99), percentile(accepted, 0.5), percentile(accepted, 0.99)};
  }
  [[nodiscard]] std::uint64_t gap_count() const {
    std::uint64_t count = 0;
    for (const auto& wall : m_walls) count += wall->status().gap_count;
    return count;
  }

 private:
  std::vector<std::unique_ptr<Wall>> m_walls;
};

struct Latencies {
  std::vector<double> one_hop, relay, p50, p99, accepted_p50, accepted_p99, stopped_p99;
  std::uint64_t gap_count = 0;
};

Latencies measure_latencies(const bench::CitySettings& city, const Costs& costs, double round_s,
                            const fs::path& folder) {
  const auto bursts = static_cast<std::size_t>(round_s / std::chrono::duration<double>(kBurstInterval).count());
  const auto hub = start_hub(city, folder, kSlowQueueMessages);
  Source source(city);
  Walls walls(*hub, city);
  Latencies result;
  walls.round(*hub, source, bursts);  // not counted: memory and disk are new
  for (int round = 0; round < kRounds; ++round) {
    result.one_hop.push_back(plain_p99_ms(costs.samples, bursts, false));
    result.relay.push_back(plain_p99_ms(costs.samples, bursts, true));
    const HubLags alone = walls.round(*hub, source, bursts);
    result.p50.push_back(alone.p50_ms);
    result.p99.push_back(alone.p99_ms);
    result.accepted_p50.push_back(alone.accepted_p50_ms);
    result.accepted_p99.push_back(alone.accepted_p99_ms);
    zmq::context_t context{1};
    zmq::socket_t stopped(context, zmq::socket_type::sub);
    stopped.set(zmq::sockopt::rcvhwm, 100);
    stopped.set(zmq::sockopt::rcvbuf, 1 << 16);
    stopped.set(zmq::sockopt::linger, 0);
    stopped.set(zmq::sockopt::subscribe, "");
    stopped.connect(hub->feed_endpoint());
    std::this_thread::sleep_for(kArrival);
    result.stopped_p99.push_back(walls.round(*hub, source, bursts).p99_ms);
  }
  result.gap_count = walls.gap_count();
  return result;
}

void print(const Costs& costs, const Latencies& lags, bool json) {
  const double floor = median(costs.receive) + median(costs.parse) + median(costs.fold);
  if (json) {
    base::JsonWriter out;
    out.begin_object().field("bench", "feed").field("rounds", kRounds).field("bytes_per_event", costs.bytes_per_event);
    out.field("raw_receive_ns", median(costs.receive)).field("simdjson_ns", median(costs.parse));
    out.field("fold_ns", median(costs.fold)).field("bare_ns", floor).field("wall_ns", median(costs.wall));
    out.field("share_of_bare", median(costs.ratios)).field("events_per_s_published", 10'000);
    out.field("state_p50_ms", median(lags.p50)).field("state_p99_ms", median(lags.p99));
    out.field("plain_one_hop_p99_ms", median(lags.one_hop)).field("plain_relay_p99_ms", median(lags.relay));
    out.field("accepted_p50_ms", median(lags.accepted_p50)).field("accepted_p99_ms", median(lags.accepted_p99));
    out.field("others_p99_ms_while_one_stands", median(lags.stopped_p99)).field("gaps", lags.gap_count).end_object();
    std::puts(out.text().c_str());
    return;
  }
  std::printf("%.0f bytes an event; for an event: bare consumer %.0f ns (receive %.0f, simdjson %.0f, fold %.0f)\n",
              costs.bytes_per_event, floor, median(costs.receive), median(costs.parse), median(costs.fold));
  std::printf("a wall in step: %.0f ns, %.2f of the bare consumer's speed\n", median(costs.wall), median(costs.ratios));
  std::printf("10,000/s, publish to state: p50 %.2f ms, p99 %.2f ms; plain ZeroMQ p99: one hop %.2f ms, two %.2f ms\n",
              median(lags.p50), median(lags.p99), median(lags.one_hop), median(lags.relay));
  std::printf("to accepted (on the disk): p50 %.2f ms, p99 %.2f ms\n", median(lags.accepted_p50),
              median(lags.accepted_p99));
  std::printf("others while one does not read: p99 %.2f ms; %llu gaps\n", median(lags.stopped_p99),
              static_cast<unsigned long long>(lags.gap_count));
}

int run(double round_s, bool json) {
  const bench::CitySettings city = bench::city_settings();
  const fs::path folder = fs::temp_directory_path() / fmt::format("gridwall-feed-bench-{}", ::getpid());
  const Costs costs = measure_costs(city);
  const Latencies lags = measure_latencies(city, costs, round_s, folder);
  fs::remove_all(folder);
  print(costs, lags, json);
  return 0;
}

}  // namespace
}  // namespace gridwall

int main(int argc, char** argv) {
  double round_s = 2;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else {
      round_s = std::clamp(std::atof(argv[i]), 0.1, 60.0);
    }
  }
  return gridwall::run(round_s, json);
}
