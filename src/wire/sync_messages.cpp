#include "wire/sync_messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/compressor.hpp"
#include "base/json_writer.hpp"
#include "wire/constants.hpp"
#include "wire/message_fields.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {

constexpr std::size_t kAskBytesMax = 128 * 1024;  // 64 prefixes of the longest path
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kReasonBytesShown = 64;

base::Error malformed(std::string detail) {
  return {base::ErrorCode::Malformed, "sync: " + std::move(detail)};
}

void begin(base::JsonWriter& json, std::string_view op, std::uint64_t ticket) {
  json.begin_object().field("v", kProtocolVersion).field("op", op).field("ticket", hex_text(ticket));
}

std::string finish(base::JsonWriter& json) {
  json.end_object();
  return json.take();
}

std::string_view kind_word(SyncPieceKind kind) {
  switch (kind) {
    case SyncPieceKind::Head:
      return "head";
    case SyncPieceKind::Part:
      return "part";
    case SyncPieceKind::Events:
      return "events";
  }
  return "head";
}

std::string encode(const SyncRequest& request) {
  base::JsonWriter json;
  begin(json, "sync", request.ticket);
  json.field("journal", journal_text(request.journal)).field("epoch", hex_text(request.epoch));
  json.key("prefixes").begin_array();
  for (const std::string& prefix : request.prefixes) json.value(prefix);
  json.end_array().field("since", request.since).field("at_least", request.at_least);
  json.field("credits", request.credits);
  return finish(json);
}

std::string encode(const SyncCredit& credit) {
  base::JsonWriter json;
  begin(json, "credit", credit.ticket);
  json.field("credits", credit.credits);
  return finish(json);
}

std::string encode(const SyncStop& stop) {
  base::JsonWriter json;
  begin(json, "stop", stop.ticket);
  return finish(json);
}

SyncParts encode_parts(const SyncBegin& answer) {
  base::JsonWriter json;
  begin(json, "begin", answer.ticket);
  json.field("journal", journal_text(answer.journal)).field("epoch", hex_text(answer.epoch));
  json.field("snapshot", answer.is_snapshot).field("sequence", answer.sequence);
  // A state that has never been moved has no time yet, and what is written must be read again.
  json.field("state_time", exact_time_text(std::clamp(answer.state_time, kTimeMin, kTimeMax - base::Duration(1))));
  return {finish(json), {}};
}

SyncParts encode_parts(const SyncPiece& piece) {
  ASSERT(piece.bytes.size() <= kSyncPieceBytesMax, "a piece of {} bytes", piece.bytes.size());
  return {encode_sync_piece_head(piece), base::Compressor().compress(piece.bytes)};
}

SyncParts encode_parts(const SyncEnd& answer) {
  base::JsonWriter json;
  begin(json, "end", answer.ticket);
  json.field("pieces", answer.piece_count).field("through", answer.through);
  return {finish(json), {}};
}

SyncParts encode_parts(const SyncRefused& answer) {
  base::JsonWriter json;
  begin(json, "refused", answer.ticket);
  json.field("reason", answer.reason).field("detail", answer.detail);
  return {finish(json), {}};
}

// What every sync message starts with.
struct Opened {
  JsonDocument document;
  JsonView object;
  std::string op;
  std::uint64_t ticket = 0;
};

base::Result<Opened> open(std::string_view message, std::size_t bytes_max) {
  Opened opened{JsonDocument(bytes_max, kControlDepthMax), {}, {}, 0};
  TRY_ASSIGN(opened.object, parse_object(opened.document, message, "sync"));
  FieldReader fields(opened.object, "sync");
  const std::uint64_t version = fields.count("v");
  // Another version may look otherwise, so the rest is not read at all.
  if (fields.status().ok() && version != kProtocolVersion) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("sync: version {} was sent, version {} is understood; use the hub's release",
                                   version, kProtocolVersion)};
  }
  opened.op = fields.text("op");
  opened.ticket = fields.hex("ticket");
  TRY(fields.status());
  return opened;
}

std::uint32_t read_credits(FieldReader& fields) {
  const std::uint64_t credits = fields.count("credits");
  if (credits > kSyncCreditsMax) fields.fail("credits", "a count of at most 64");
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(credits, kSyncCreditsMax));
}

std::vector<std::string> read_prefixes(const JsonView& object, FieldReader& fields) {
  std::vector<std::string> prefixes;
  const auto member = object.find("prefixes");
  if (!member || member->item_count() == 0 || member->item_count() > kSyncPrefixesMax) {
    fields.fail("prefixes", "an array of 1 to 64 prefixes");
    return prefixes;
  }
  for (const JsonView& item : member->items()) {
    const auto text = item.text();
    const bool good = text && text->size() <= kPathBytesMax && is_prefix(*text) &&
                      std::find(prefixes.begin(), prefixes.end(), *text) == prefixes.end();
    if (!good) {
      fields.fail("prefixes", "an array of paths and own leaves, each once");
      return prefixes;
    }
    prefixes.emplace_back(*text);
  }
  return prefixes;
}

base::Result<SyncAsk> read_request(const Opened& opened) {
  FieldReader fields(opened.object, "sync");
  SyncRequest request;
  request.ticket = opened.ticket;
  request.journal = fields.journal("journal");
  request.epoch = fields.hex("epoch");
  request.prefixes = read_prefixes(opened.object, fields);
  request.since = fields.count("since");
  request.at_least = fields.count("at_least");
  request.credits = read_credits(fields);
  TRY(fields.status());
  return SyncAsk(std::move(request));
}

base::Result<SyncAnswer> read_begin(const Opened& opened) {
  FieldReader fields(opened.object, "sync begin");
  SyncBegin answer;
  answer.ticket = opened.ticket;
  answer.journal = fields.journal("journal");
  answer.epoch = fields.hex("epoch");
  answer.is_snapshot = fields.truth("snapshot");
  answer.sequence = fields.count("sequence");
  answer.state_time = fields.time("state_time");
  TRY(fields.status());
  return SyncAnswer(answer);
}

base::Result<SyncAnswer> read_piece(const Opened& opened, std::string_view payload) {
  FieldReader fields(opened.object, "sync piece");
  SyncPiece piece;
  piece.ticket = opened.ticket;
  piece.index = fields.count("index");
  const std::string kind = fields.text("kind");
  if (kind == "head") {
    piece.kind = SyncPieceKind::Head;
  } else if (kind == "part") {
    piece.kind = SyncPieceKind::Part;
    piece.prefix = fields.text("prefix");
    if (!is_prefix(piece.prefix)) fields.fail("prefix", "a path or an own leaf");
  } else if (kind == "events") {
    piece.kind = SyncPieceKind::Events;
  } else {
    fields.fail("kind", "head, part or events");
  }
  piece.last = fields.truth("last");
  TRY(fields.status());
  TRY(base::Decompressor().decompress(payload, kSyncPieceBytesMax, piece.bytes));
  return SyncAnswer(std::move(piece));
}

base::Result<SyncAnswer> read_end(const Opened& opened) {
  FieldReader fields(opened.object, "sync end");
  SyncEnd answer;
  answer.ticket = opened.ticket;
  answer.piece_count = fields.count("pieces");
  answer.through = fields.count("through");
  TRY(fields.status());
  return SyncAnswer(answer);
}

base::Result<SyncAnswer> read_refused(const Opened& opened) {
  FieldReader fields(opened.object, "sync refused");
  SyncRefused answer;
  answer.ticket = opened.ticket;
  answer.reason = fields.text("reason");
  if (answer.reason.empty() || answer.reason.size() > kReasonBytesShown) fields.fail("reason", "a word");
  answer.detail = fields.text_or_empty("detail");
  TRY(fields.status());
  return SyncAnswer(std::move(answer));
}

void put_length(std::string& bytes, std::size_t length) {
  ASSERT(length <= std::numeric_limits<std::uint32_t>::max(), "{} bytes", length);
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xff);
}

std::size_t read_length(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return length;
}

}  // namespace

std::string encode_sync_ask(const SyncAsk& ask) {
  return std::visit([](const auto& value) { return encode(value); }, ask);
}

base::Result<SyncAsk> decode_sync_ask(std::string_view message) {
  TRY_ASSIGN(const Opened opened, open(message, kAskBytesMax));
  if (opened.op == "sync") return read_request(opened);
  if (opened.op == "stop") return SyncAsk(SyncStop{opened.ticket});
  if (opened.op != "credit") return malformed("'op' is none of sync, credit and stop");
  FieldReader fields(opened.object, "sync credit");
  const SyncCredit credit{opened.ticket, read_credits(fields)};
  TRY(fields.status());
  return SyncAsk(credit);
}

std::string encode_sync_piece_head(const SyncPiece& piece) {
  base::JsonWriter json;
  begin(json, "piece", piece.ticket);
  json.field("index", piece.index).field("kind", kind_word(piece.kind));
  if (piece.kind == SyncPieceKind::Part) json.field("prefix", piece.prefix);
  json.field("last", piece.last);
  return finish(json);
}

SyncParts encode_sync_answer(const SyncAnswer& answer) {
  return std::visit([](const auto& value) { return encode_parts(value); }, answer);
}

base::Result<SyncAnswer> decode_sync_answer(std::string_view head, std::string_view payload) {
  TRY_ASSIGN(const Opened opened, open(head, kControlBytesMax));
  if (opened.op == "piece") return read_piece(opened, payload);
  if (!payload.empty()) return malformed("only a piece has a payload");
  if (opened.op == "begin") return read_begin(opened);
  if (opened.op == "end") return read_end(opened);
  if (opened.op == "refused") return read_refused(opened);
  return malformed("'op' is none of begin, piece, end and refused");
}

void append_sync_event(std::string& bytes, const FeedMessageView& message) {
  for (const std::string_view part : {message.topic, message.header, message.body}) put_length(bytes, part.size());
  for (const std::string_view part : {message.topic, message.header, message.body}) bytes += part;
}

base::Result<std::vector<FeedMessageView>> read_sync_events(std::string_view bytes) {
  std::vector<FeedMessageView> messages;
  while (!bytes.empty()) {
    if (bytes.size() < 3 * kLengthBytes) return malformed("events: cut within the lengths of a message");
    std::size_t lengths[3];
    for (std::size_t& length : lengths) {
      length = read_length(bytes);
      bytes.remove_prefix(kLengthBytes);
    }
    FeedMessageView message;
    std::size_t i = 0;
    for (std::string_view* part : {&message.topic, &message.header, &message.body}) {
      if (lengths[i] > bytes.size()) return malformed("events: cut within a message");
      *part = bytes.substr(0, lengths[i]);
      bytes.remove_prefix(lengths[i++]);
    }
    messages.push_back(message);
  }
  return messages;
}

}  // namespace gridwall::wire
