#include "hub/sync_service.hpp"

#include "base/log.hpp"
#include "state/keyframe.hpp"

namespace gridwall::hub {

namespace {

// While nobody asks and nothing comes; an item that waits so long is late for nobody.
constexpr base::Duration kPatience = std::chrono::milliseconds(2);
constexpr base::Duration kTellInterval = std::chrono::milliseconds(250);
constexpr std::size_t kItemsPerTurn = 256;
constexpr std::size_t kQueueItems = 65'536;  // batches; then the hub waits for us
constexpr int kAsksPerTurn = 256;

}  // namespace

base::Result<std::unique_ptr<SyncService>> SyncService::start(const LedgerOptions& ledger, feed::SyncSocket socket,
                                                              wire::SyncServerOptions server) {
  TRY_ASSIGN(Ledger second, Ledger::create(ledger));
  std::unique_ptr<SyncService> service(new SyncService(std::move(second), std::move(socket), server));
  service->tell();
  SyncService* self = service.get();
  service->m_thread = base::Thread("sync", [self](const std::stop_token& stop) { self->run(stop); });
  return service;
}

SyncService::SyncService(Ledger ledger, feed::SyncSocket socket, const wire::SyncServerOptions& server)
    : m_ledger(std::move(ledger)),
      m_socket(std::move(socket)),
      m_server(server),
      m_port(m_socket.endpoint().port),
      m_items("sync", kQueueItems, base::WhenFull::Block) {
  m_server.set_prefix_check([tree = m_ledger.shared_tree()](std::string_view prefix) {
    if (prefix.ends_with('~')) prefix.remove_suffix(1);
    return tree->find_path(prefix).valid();
  });
}

SyncService::~SyncService() {
  m_thread.request_stop();
  m_items.close();
  m_thread.join();
}

void SyncService::start_epoch(std::shared_ptr<const StateCopy> state) {
  m_items.send(std::move(state));
}
void SyncService::feed(std::shared_ptr<const FeedBatch> batch) {
  m_items.send(std::move(batch));
}
std::shared_future<std::shared_ptr<const StateCopy>> SyncService::want_keyframe() {
  auto promise = std::make_shared<std::promise<std::shared_ptr<const StateCopy>>>();
  auto keyframe = promise->get_future().share();
  m_items.send(std::move(promise));
  return keyframe;
}

void SyncService::run(const std::stop_token& stop) {
  base::MonoTime told_at{};
  while (!stop.stop_requested()) {
    const auto items = m_items.receive(kItemsPerTurn);
    for (const Item& item : items) take(item);
    const base::MonoTime now = std::chrono::steady_clock::now();
    serve(now);
    if (now - told_at >= kTellInterval) {
      told_at = now;
      tell();
    }
    if (items.empty()) m_socket.wait(kPatience);
  }
}

void SyncService::take(const Item& item) {
  if (const auto* state = std::get_if<std::shared_ptr<const StateCopy>>(&item)) return begin(**state);
  if (const auto* wanted = std::get_if<KeyframeWanted>(&item)) {
    ++m_keyframe_count;
    return (*wanted)->set_value(m_lost ? nullptr : std::make_shared<const StateCopy>(m_ledger.copy()));
  }
  if (m_lost) return;
  const FeedBatch& batch = *std::get<std::shared_ptr<const FeedBatch>>(item);
  if (const base::Status folded = m_ledger.repeat(batch); !folded.ok()) {
    m_lost = true;
    base::log_error("hub", "snapshots cannot be served until the next epoch: {}", folded.error().message);
    return;
  }
  for (std::size_t i = 0; i < batch.messages.size(); ++i) {
    const FeedMessage& message = batch.messages[i];
    m_server.on_feed(batch.events[i].sequence, {message.topic, message.header, message.body});
  }
}

void SyncService::begin(const StateCopy& state) {
  const base::Status restored = m_ledger.restore(state);
  m_lost = !restored.ok();
  if (m_lost) return base::log_error("hub", "snapshots cannot be served: {}", restored.error().message);
  m_server.start_epoch(state.journal, state.epoch, state.sequence);
}

void SyncService::serve(base::MonoTime now) {
  for (int i = 0; i < kAsksPerTurn; ++i) {
    const auto ask = m_socket.receive();
    if (!ask) break;
    m_server.on_ask(ask->client, ask->message, now);
  }
  give_wanted_snapshot(now);
  for (const auto& outgoing : m_server.take_outgoing(now)) {
    if (m_socket.send(outgoing.client, outgoing.parts.head, outgoing.parts.payload) != feed::SyncSocket::Sent::Yes) {
      m_server.drop_client(outgoing.client);
    }
  }
}

void SyncService::give_wanted_snapshot(base::MonoTime now) {
  const auto prefixes = m_server.wanted_snapshot();
  if (!prefixes || m_lost) return;
  std::vector<state::KeyframeScope> scopes;
  for (const std::string& prefix : *prefixes) {
    const bool own_only = prefix.ends_with('~');
    const auto path = std::string_view(prefix).substr(0, prefix.size() - (own_only ? 1u : 0u));
    scopes.push_back({m_ledger.tree().find_path(path), own_only});
  }
  state::Keyframe keyframe = state::encode_keyframe(m_ledger.world(), scopes);
  auto snapshot = std::make_shared<wire::SyncSnapshot>();
  snapshot->sequence = m_ledger.sequencer().last_sequence();
  snapshot->state_time = m_ledger.world().state_time();
  snapshot->head = std::move(keyframe.head);
  for (std::size_t i = 0; i < prefixes->size(); ++i) {
    snapshot->parts.push_back({(*prefixes)[i], std::move(keyframe.parts[i].bytes)});
  }
  m_server.give_snapshot(*prefixes, std::move(snapshot), now);
}

void SyncService::tell() {
  auto status = std::make_shared<SyncStatus>();
  status->counters = m_server.counters();
  status->sequence = m_ledger.sequencer().last_sequence();
  status->queue = m_items.stats();
  status->keyframe_count = m_keyframe_count;
  m_status.publish(std::move(status));
}

}  // namespace gridwall::hub
