#include "hub/sync_service.hpp"

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
    : m_fold(std::move(ledger), server),
      m_socket(std::move(socket)),
      m_port(m_socket.endpoint().port),
      m_items("sync", kQueueItems, base::WhenFull::Block) {}

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
  if (const auto* state = std::get_if<std::shared_ptr<const StateCopy>>(&item)) return m_fold.begin(**state);
  if (const auto* batch = std::get_if<std::shared_ptr<const FeedBatch>>(&item)) return m_fold.feed(**batch);
  ++m_keyframe_count;
  std::get<KeyframeWanted>(item)->set_value(m_fold.keyframe());
}

void SyncService::serve(base::MonoTime now) {
  for (int i = 0; i < kAsksPerTurn; ++i) {
    const auto ask = m_socket.receive();
    if (!ask) break;
    m_fold.on_ask(ask->client, ask->message, now);
  }
  for (const auto& outgoing : m_fold.turn(now)) {
    if (m_socket.send(outgoing.client, outgoing.parts.head, outgoing.parts.payload) != feed::SyncSocket::Sent::Yes) {
      m_fold.drop_client(outgoing.client);
    }
  }
}

void SyncService::tell() {
  auto status = std::make_shared<SyncStatus>();
  status->counters = m_fold.counters();
  status->sequence = m_fold.ledger().sequencer().last_sequence();
  status->queue = m_items.stats();
  status->keyframe_count = m_keyframe_count;
  m_status.publish(std::move(status));
}

}  // namespace gridwall::hub
