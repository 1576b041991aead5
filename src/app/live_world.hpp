// LiveWorld: the two threads behind a live wall. [feed] follows the hub and resolves events; [state] folds them and
// freezes a snapshot a few times a second. The main thread takes the newest Live value: snapshot and feed status belong
// together, so a picture never shows one without the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/state_items.hpp"
#include "base/bounded_channel.hpp"
#include "base/latest_slot.hpp"
#include "base/thread.hpp"
#include "feed/subscriber.hpp"
#include "model/feed_status.hpp"
#include "state/world.hpp"

namespace gridwall::app {

struct Live {
  std::shared_ptr<const state::WorldSnapshot> snapshot;
  model::FeedStatus status;
};

struct LiveWorldOptions {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
  feed::SubscriberOptions subscriber;
};

class LiveWorld {
 public:
  // Errors: endpoints that cannot be used, a tree whose CRS PROJ does not know. `clock` must outlive the object.
  static base::Result<std::unique_ptr<LiveWorld>> start(LiveWorldOptions options, const base::Clock& clock);
  ~LiveWorld();
  LiveWorld(const LiveWorld&) = delete;
  LiveWorld& operator=(const LiveWorld&) = delete;

  // Null until the first freeze, a moment after start.
  [[nodiscard]] std::shared_ptr<const Live> take() const { return m_live.take(); }
  [[nodiscard]] base::ChannelStats channel_stats() const { return m_channel.stats(); }

 private:
  explicit LiveWorld(const LiveWorldOptions& options);
  void run_feed(const std::stop_token& stop, const base::Clock& clock);
  void run_state(const std::stop_token& stop);

  // Order matters: threads are declared last, so they end before what they use.
  LiveWorldOptions m_options;
  state::World m_world;
  base::BoundedChannel<feed::PollResult> m_channel;
  base::BoundedChannel<ItemAnswers> m_answers;  // back to the feed's thread
  base::LatestSlot<Live> m_live;
  base::Thread m_state_thread;
  base::Thread m_feed_thread;
};

}  // namespace gridwall::app
