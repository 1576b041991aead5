#include "wire/requests.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/json_writer.hpp"
#include "wire/message_fields.hpp"

namespace gridwall::wire {

namespace {

constexpr std::size_t kRequestBytesMax = 1024;

// The hub's answer as an object, or what it refused.
base::Result<JsonView> parse_answer(JsonDocument& document, std::string_view message, std::string_view op) {
  TRY_ASSIGN(const JsonView object, parse_object(document, message, op));
  TRY(refusal_of(object));
  const auto found = object.find("op");
  if (!found || found->text() != op) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("{}: 'op' is not \"{}\"", op, op)};
  }
  return object;
}

}  // namespace

Request decode_request(std::string_view message) {
  const bool may_be_op = message.size() <= kRequestBytesMax && message.find("\"op\"") != std::string_view::npos;
  if (!may_be_op) return PublishRequest{};
  JsonDocument document(kRequestBytesMax, kMessageDepthMax);
  // What is broken is answered by the event codec, which names the fault.
  if (document.parse(message) != JsonFault::None || document.root().kind() != JsonKind::Object) {
    return PublishRequest{};
  }
  const JsonView object = document.root();
  const auto op = object.find("op");
  if (!op || object.find("specversion")) return PublishRequest{};
  const auto word = op->text();
  if (word == "hello") return HelloRequest{};
  if (word == "status") return StatusRequest{};
  if (word == "control") {
    auto control = decode_control(message);
    return control.ok() ? Request(std::move(control).value()) : Request(BadRequest{control.error().message});
  }
  if (word == "density") {
    FieldReader fields(object, "density");
    const std::uint64_t buckets = fields.count("buckets");
    if (buckets == 0 || buckets > kDensityBucketsMax) fields.fail("buckets", "a count from 1 to 2000");
    if (!fields.status().ok()) return BadRequest{fields.status().error().message};
    return DensityRequest{static_cast<std::size_t>(buckets)};
  }
  if (word != "ping") {
    return BadRequest{"'op' is not ping, hello, status, density or control; to publish, send the event itself"};
  }
  FieldReader fields(object, "ping");
  const base::Duration sent = fields.nanoseconds("t");
  if (!fields.status().ok()) return BadRequest{fields.status().error().message};
  return PingRequest{base::MonoTime(sent)};
}

std::string encode_ping(base::MonoTime sent) {
  base::JsonWriter json;
  json.begin_object().field("op", "ping").field("t", nanoseconds_text(sent.time_since_epoch())).end_object();
  return json.take();
}

std::string encode_hello_request() {
  return R"({"op":"hello"})";
}

std::string encode_status_request() {
  return R"({"op":"status"})";
}

std::string encode_pong(const Pong& pong) {
  base::JsonWriter json;
  json.begin_object().field("op", "pong").field("t", nanoseconds_text(pong.sent.time_since_epoch()));
  json.field("hub_mono_ns", nanoseconds_text(pong.hub_mono)).field("hub_utc", exact_time_text(pong.hub_utc));
  json.field("epoch", hex_text(pong.epoch)).end_object();
  return json.take();
}

std::string encode_hello(const Hello& hello) {
  base::JsonWriter json;
  json.begin_object().field("op", "hello").field("protocol", hello.protocol);
  json.field("journal", journal_text(hello.journal)).field("epoch", hex_text(hello.epoch));
  json.field("feed_port", hello.feed_port).field("sync_port", hello.sync_port);
  json.field("profile", hello.profile).field("root_path", hello.root_path);
  json.field("tree", hex_text(hello.tree_hash)).field("rules", hex_text(hello.rules_hash));
  write_clock(json, hello.clock);
  json.end_object();
  return json.take();
}

std::string encode_error(std::string_view detail) {
  base::JsonWriter json;
  json.begin_object().field("error", detail).end_object();
  return json.take();
}

base::Result<Pong> decode_pong(std::string_view message) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_answer(document, message, "pong"));
  FieldReader fields(object, "pong");
  Pong pong;
  pong.sent = base::MonoTime(fields.nanoseconds("t"));
  pong.hub_mono = fields.nanoseconds("hub_mono_ns");
  pong.hub_utc = fields.time("hub_utc");
  pong.epoch = fields.hex("epoch");
  TRY(fields.status());
  return pong;
}

base::Result<Hello> decode_hello(std::string_view message) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_answer(document, message, "hello"));
  FieldReader fields(object, "hello");
  Hello hello;
  const std::uint64_t protocol = fields.count("protocol");
  // The rest of another version's hello may look otherwise, so it is not read at all.
  if (fields.status().ok() && protocol != kProtocolVersion) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("the hub speaks protocol {}, version {} is understood; use the hub's release",
                                   protocol, kProtocolVersion)};
  }
  hello.journal = fields.journal("journal");
  hello.epoch = fields.hex("epoch");
  const auto port = [&fields](std::string_view name, std::uint64_t number) {
    if (number > std::numeric_limits<std::uint16_t>::max()) fields.fail(name, "a port");
    return static_cast<std::uint16_t>(number);
  };
  hello.feed_port = port("feed_port", fields.count("feed_port"));
  hello.sync_port = port("sync_port", fields.count_or_zero("sync_port"));
  hello.profile = fields.text("profile");
  hello.root_path = fields.text("root_path");
  hello.tree_hash = fields.hex("tree");
  hello.rules_hash = fields.hex_or_zero("rules");
  hello.clock = fields.clock();
  TRY(fields.status());
  return hello;
}

}  // namespace gridwall::wire
