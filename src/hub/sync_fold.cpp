#include "hub/sync_fold.hpp"

#include "base/log.hpp"
#include "state/keyframe.hpp"

namespace gridwall::hub {

SyncFold::SyncFold(Ledger ledger, const wire::SyncServerOptions& server)
    : m_ledger(std::move(ledger)), m_server(server) {
  m_server.set_prefix_check([tree = m_ledger.shared_tree()](std::string_view prefix) {
    if (prefix.ends_with('~')) prefix.remove_suffix(1);
    return tree->find_path(prefix).valid();
  });
}

void SyncFold::begin(const StateCopy& state) {
  const base::Status restored = m_ledger.restore(state);
  m_lost = !restored.ok();
  if (m_lost) return base::log_error("hub", "snapshots cannot be served: {}", restored.error().message);
  m_server.start_epoch(state.journal, state.epoch, state.sequence);
}

void SyncFold::feed(const FeedBatch& batch) {
  if (m_lost) return;
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

std::shared_ptr<const StateCopy> SyncFold::keyframe() const {
  return m_lost ? nullptr : std::make_shared<const StateCopy>(m_ledger.copy());
}

std::vector<wire::SyncServer::Outgoing> SyncFold::turn(base::MonoTime now) {
  give_wanted_snapshot(now);
  return m_server.take_outgoing(now);
}

void SyncFold::give_wanted_snapshot(base::MonoTime now) {
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

}  // namespace gridwall::hub
