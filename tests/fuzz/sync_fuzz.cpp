// Sync's asks, answers and events from anywhere: no crash, bounded memory, and what is understood comes back equal.
// An input is an ask, events, or an answer's head, a line end and its payload.
#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "wire/sync_exchange.hpp"
#include "wire/sync_server.hpp"

namespace {

using namespace gridwall;

void ask(std::string_view bytes) {
  const auto ask = wire::decode_sync_ask(bytes);
  if (ask.ok()) {
    const auto again = wire::decode_sync_ask(wire::encode_sync_ask(*ask));
    ASSERT(again.ok() && *again == *ask, "ask");
  }
  wire::SyncServer server;
  const auto* request = ask.ok() ? std::get_if<wire::SyncRequest>(&*ask) : nullptr;
  server.start_epoch(request != nullptr ? request->journal : wire::JournalId{}, request != nullptr ? request->epoch : 1,
                     0);
  server.on_feed(1, {"a/b/", "header", bytes});
  server.on_ask("somebody", bytes, {});
  if (const auto wanted = server.wanted_snapshot()) {
    auto snapshot = std::make_shared<wire::SyncSnapshot>();
    snapshot->sequence = 1;
    server.give_snapshot(*wanted, std::move(snapshot), {});
  }
  for (const auto& outgoing : server.take_outgoing({})) {
    const auto answer = wire::decode_sync_answer(outgoing.parts.head, outgoing.parts.payload);
    ASSERT(answer.ok(), "our own answer: {}", outgoing.parts.head);
  }
}

void answer(std::string_view bytes) {
  const std::size_t line = bytes.find('\n');
  const std::string_view head = bytes.substr(0, line);
  const std::string_view payload = line == std::string_view::npos ? std::string_view() : bytes.substr(line + 1);
  const auto answer = wire::decode_sync_answer(head, payload);
  if (!answer.ok()) return;
  const wire::SyncParts parts = wire::encode_sync_answer(*answer);
  const auto again = wire::decode_sync_answer(parts.head, parts.payload);
  ASSERT(again.ok() && *again == *answer, "answer");
  wire::SyncRequest request;
  request.ticket = std::visit([](const auto& value) { return value.ticket; }, *answer);
  request.epoch = 1;
  request.prefixes = {"a/"};
  wire::SyncExchange exchange(request, 1 << 16, {});
  exchange.on_answer(wire::SyncBegin{request.ticket, {}, 1, true, 1, {}}, {});
  exchange.on_answer(*answer, {});
}

void events(std::string_view bytes) {
  const auto messages = wire::read_sync_events(bytes);
  if (!messages.ok()) return;
  std::string again;
  for (const wire::FeedMessageView& message : *messages) wire::append_sync_event(again, message);
  ASSERT(again == bytes, "events");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::as_text(data, size);
  ask(bytes);
  answer(bytes);
  events(bytes);
  return 0;
}
