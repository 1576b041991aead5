#include "app/live_world.hpp"

#include "base/log.hpp"
#include "geo/event_resolver.hpp"

namespace gridwall::app {

namespace {

constexpr base::Duration kFeedPatience = std::chrono::milliseconds(50);
constexpr base::Duration kStatePatience = std::chrono::milliseconds(100);
constexpr std::size_t kBatchesPerTick = 64;
constexpr std::size_t kChannelCapacity = 256;  // poll results of at most 1,000 items each

}  // namespace

base::Result<std::unique_ptr<LiveWorld>> LiveWorld::start(LiveWorldOptions options, const base::Clock& clock) {
  // Opened here once so that a wrong endpoint or CRS is told at start, not from a thread.
  TRY_ASSIGN(const auto resolver, geo::EventResolver::create(options.tree));
  TRY_ASSIGN(const auto subscriber, feed::Subscriber::connect(options.subscriber, clock));
  static_cast<void>(resolver);
  static_cast<void>(subscriber);
  std::unique_ptr<LiveWorld> world(new LiveWorld(options));
  LiveWorld* self = world.get();
  world->m_state_thread = base::Thread("state", [self](const std::stop_token& stop) { self->run_state(stop); });
  world->m_feed_thread =
      base::Thread("feed", [self, &clock](const std::stop_token& stop) { self->run_feed(stop, clock); });
  return world;
}

LiveWorld::LiveWorld(const LiveWorldOptions& options)
    : m_options(options),
      m_world(options.tree, options.vocabulary, options.rules),
      m_channel("events", kChannelCapacity, base::WhenFull::Block),
      m_answers("digests", kChannelCapacity, base::WhenFull::DropOldest) {}

LiveWorld::~LiveWorld() {
  m_feed_thread.request_stop();
  m_state_thread.request_stop();
  m_channel.close();
}

void LiveWorld::run_feed(const std::stop_token& stop, const base::Clock& clock) {
  // Sockets and PROJ contexts belong to the thread that made them.
  auto subscriber = feed::Subscriber::connect(m_options.subscriber, clock);
  auto resolver = geo::EventResolver::create(m_options.tree);
  if (!subscriber.ok() || !resolver.ok()) {
    base::log_error("app", "the feed thread cannot start: {}",
                    subscriber.ok() ? resolver.error().message : subscriber.error().message);
    return;
  }
  while (!stop.stop_requested()) {
    for (const ItemAnswers& answers : m_answers.receive(kBatchesPerTick)) tell(*subscriber, answers);
    feed::PollResult result = subscriber->poll(kFeedPatience);
    for (feed::Item& item : result.items) {
      if (auto* event = std::get_if<model::SequencedEvent>(&item)) resolver->resolve(*event);
    }
    if (!m_channel.send(std::move(result))) return;
  }
}

void LiveWorld::run_state(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto results = m_channel.receive(kBatchesPerTick, kStatePatience);
    if (results.empty()) continue;
    for (feed::PollResult& result : results) m_answers.send(fold_items(m_world, result.items));
    auto live = std::make_shared<Live>();
    live->snapshot = m_world.freeze();
    live->status = std::move(results.back().status);
    m_live.publish(std::move(live));
  }
}

}  // namespace gridwall::app
