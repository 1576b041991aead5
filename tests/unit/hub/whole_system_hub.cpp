#include "whole_system_hub.hpp"

#include <gtest/gtest.h>

#include "intake_support.hpp"
#include "wire/answers.hpp"
#include "wire/constants.hpp"

namespace gridwall::hub {

using base::Duration;
using base::MonoTime;
using std::chrono::milliseconds;

SimulatedHub::SimulatedHub(SimHubOptions options, Doors doors, Truth& truth, test::FaultyDisk& disk,
                           base::Random& random)
    : m_options(std::move(options)),
      m_doors(std::move(doors)),
      m_truth(truth),
      m_disk(disk),
      m_random(random),
      m_clock_base(test::kHubNow + milliseconds(random.next_below(86'400'000))) {}

SimulatedHub::~SimulatedHub() {
  if (m_desk) kill(false);
}

bool SimulatedHub::start(Duration now) {
  const base::Status opened = open(now);
  if (!opened.ok()) {
    m_desk.reset();
    m_sync.reset();
    // Only a disk that does not do what it is asked is an excuse.
    EXPECT_NE(m_disk.fault() != test::FaultyDisk::Fault::None || m_disk.dead(), false) << opened.error().message;
  }
  return opened.ok();
}

base::Status SimulatedHub::open(Duration now) {
  m_zero = milliseconds(m_random.next_below(1'000'000));
  m_beat_due_at = now;
  m_sync_queue.clear();
  JournalOptions journal;
  journal.folder = m_options.folder;
  journal.keyframe_events = m_options.keyframe_events;
  journal.writer.segment_bytes_max = m_options.segment_bytes_max;
  journal::Identity identity;
  identity.root_path = m_options.ledger.tree->at(m_options.ledger.tree->root()).path;
  identity.tree_hash = m_options.ledger.tree->content_hash();
  identity.zone = "Asia/Shanghai";
  identity.journal.fill(static_cast<std::uint8_t>(m_random.next_u64()));
  TRY_ASSIGN(auto keeper, JournalKeeper::open(journal, identity));
  IntakeOptions intake;
  intake.ledger = m_options.ledger;
  intake.ledger.journal = keeper->journal();
  intake.ledger.epoch = m_random.next_u64();
  TRY_ASSIGN(Ledger second, Ledger::create(intake.ledger));
  m_sync = std::make_unique<SyncFold>(std::move(second), m_options.sync);
  TRY_ASSIGN(m_desk, LiveDesk::open(std::move(intake), std::move(keeper), utc(now)));
  auto state = std::make_shared<const StateCopy>(ledger().copy());
  m_sync_queue.emplace_back(state);
  TRY(m_desk->journal()->begin(*state, utc(now), MonoTime(mono(now))));
  m_truth.restart(ledger());
  return {};
}

void SimulatedHub::kill(bool machine_too) {
  m_disk.die();
  m_desk.reset();
  m_sync.reset();
  if (machine_too) m_disk.lose_power();
  m_disk.revive();
}

void SimulatedHub::stop(Duration now) {
  for (int i = 0; i < 100 && m_desk->waiting_count() > 0; ++i) {
    turn_journal(now);
    look_at_journal(now);
  }
  m_desk.reset();
  m_sync.reset();
}

void SimulatedHub::on_request(const feed::Request& request, Duration now) {
  const auto rights = m_options.rights.find(request.client());
  LiveDesk::Taken taken =
      m_desk->take(request, rights == m_options.rights.end() ? Rights{false, false} : rights->second, utc(now),
                   MonoTime(mono(now)), [this] { return want_keyframe(); });
  put_out(taken.batch);
  if (taken.answers) send_answers(request, *taken.answers);
}

void SimulatedHub::put_out(const std::shared_ptr<const FeedBatch>& batch) {
  if (batch == nullptr) return;
  m_truth.publish(*batch);
  m_journal_has_work = true;
  m_sync_queue.emplace_back(batch);
  for (const FeedMessage& message : batch->messages) {
    auto out = std::make_shared<FeedOut>();
    out->is_event = true;
    out->topic = message.topic;
    out->header_bytes = message.header;
    out->body = message.body;
    m_doors.feed(std::move(out));
  }
}

void SimulatedHub::send_answers(const feed::Request& request, const std::vector<wire::Answer>& answers) {
  m_truth.answered(answers);
  m_doors.answer(request, wire::encode_answers(answers));
}

KeyframePromise SimulatedHub::want_keyframe() {
  auto promise = std::make_shared<std::promise<std::shared_ptr<const StateCopy>>>();
  auto keyframe = promise->get_future().share();
  m_sync_queue.emplace_back(std::move(promise));
  return keyframe;
}

void SimulatedHub::look_at_journal(Duration now) {
  LiveDesk::Settled settled = m_desk->look_at_journal(MonoTime(mono(now)));
  if (settled.went_back) {
    ++m_failure_count;
    start_epoch();
  }
  for (const auto& waiting : settled.answered) send_answers(waiting.request, waiting.answers);
}

void SimulatedHub::start_epoch() {
  ledger().start_epoch(m_random.next_u64());
  m_sync_queue.emplace_back(std::make_shared<const StateCopy>(ledger().copy()));
  m_truth.go_back(ledger());
}

void SimulatedHub::beat(Duration now) {
  if (now < m_beat_due_at) return;
  m_beat_due_at = std::max(m_beat_due_at + wire::kHeartbeatInterval, now);
  if (!m_desk->is_whole()) return;
  wire::Heartbeat heartbeat;
  heartbeat.durable_through = m_desk->durable_through();
  heartbeat.clock = {model::ClockMode::Live, 1.0 * m_options.clock_rate, ledger().advance(utc(now)), mono(now)};
  for (const std::string& prefix : m_options.prefixes) {
    ledger().tell(prefix, heartbeat);
    m_truth.beat(heartbeat, now);
    auto out = std::make_shared<FeedOut>();
    out->topic = prefix;
    out->body = wire::encode_heartbeat(heartbeat);
    m_doors.feed(std::move(out));
  }
}

void SimulatedHub::drain_sync(std::size_t items_max) {
  for (; items_max > 0 && !m_sync_queue.empty(); --items_max) {
    const SyncItem item = std::move(m_sync_queue.front());
    m_sync_queue.pop_front();
    if (const auto* state = std::get_if<std::shared_ptr<const StateCopy>>(&item)) {
      m_sync->begin(**state);
    } else if (const auto* batch = std::get_if<std::shared_ptr<const FeedBatch>>(&item)) {
      m_sync->feed(**batch);
    } else {
      std::get<KeyframeWanted>(item)->set_value(m_sync->keyframe());
    }
  }
}

void SimulatedHub::turn_sync(Duration now) {
  drain_sync(1 + m_random.next_below(20));
  for (const auto& outgoing : m_sync->turn(MonoTime(mono(now)))) m_doors.sync(outgoing);
  const wire::SyncCounters counters = m_sync->counters();
  EXPECT_LE(counters.ring_bytes, counters.ring_limit_bytes);
  EXPECT_LE(counters.snapshot_bytes, m_options.sync.snapshot_bytes_max);
  EXPECT_LE(counters.open_count, m_options.sync.tickets_max);
}

void SimulatedHub::on_sync_ask(std::string_view client, std::string_view message, Duration now) {
  m_sync->on_ask(client, message, MonoTime(mono(now)));
}

void SimulatedHub::drop_sync_client(std::string_view client) {
  if (m_sync) m_sync->drop_client(client);
}

void SimulatedHub::turn_journal(Duration now) {
  // At a day's begin the journal waits for a keyframe: here nobody else would make it meanwhile.
  const bool keyframe_wanted = std::any_of(m_sync_queue.begin(), m_sync_queue.end(), [](const SyncItem& item) {
    return std::holds_alternative<KeyframeWanted>(item);
  });
  if (keyframe_wanted) drain_sync(m_sync_queue.size());
  m_journal_has_work = m_desk->journal()->turn(MonoTime(mono(now)), {});
}

void SimulatedHub::step(Duration now, const Weather& weather) {
  const double idle = m_journal_has_work ? 1 : 0.1;
  if (m_random.next_unit() < weather.journal_turns * idle) turn_journal(now);
  // It died while it wrote: nothing that it would say afterwards is heard.
  if (m_disk.dead()) return kill(m_random.next_below(2) == 0);
  look_at_journal(now);
  beat(now);
  if (m_random.next_unit() < weather.sync_turns) turn_sync(now);
}

}  // namespace gridwall::hub
