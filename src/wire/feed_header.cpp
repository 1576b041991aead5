#include "wire/feed_header.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "wire/constants.hpp"

namespace gridwall::wire {

namespace {

constexpr std::string_view kMagic = "GWFH";
constexpr std::size_t kFixedBytes = 68;

template <typename T>
void put(std::string& out, T number) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &number, sizeof(T));
  out.append(bytes.data(), bytes.size());
}

// The caller has checked that the bytes are there.
template <typename T>
T take(std::string_view bytes, std::size_t& at) {
  static_assert(std::endian::native == std::endian::little, "the wire's order is this machine's");
  T number;
  std::memcpy(&number, bytes.data() + at, sizeof(T));
  at += sizeof(T);
  return number;
}

base::Error malformed(std::string detail) {
  return {base::ErrorCode::Malformed, "feed header: " + std::move(detail)};
}

}  // namespace

std::string journal_text(const JournalId& journal) {
  std::string text;
  for (const std::uint8_t byte : journal) text += fmt::format("{:02x}", byte);
  return text;
}

base::Result<JournalId> parse_journal(std::string_view text) {
  JournalId journal{};
  if (text.size() != 2 * journal.size()) return malformed("a journal id has 32 hexadecimal digits");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (digit < 0) return malformed("a journal id has 32 lower-case hexadecimal digits");
    journal[i / 2] = static_cast<std::uint8_t>(journal[i / 2] * 16 + digit);
  }
  return journal;
}

std::string encode_feed_header(const FeedHeader& header) {
  ASSERT(header.previous.size() <= kFeedHeaderPreviousMax, "{} previous sequences", header.previous.size());
  std::string out;
  out.reserve(kFixedBytes + 8 * header.previous.size());
  out += kMagic;
  put(out, kFeedHeaderVersion);
  put(out, std::uint16_t{0});
  for (const std::uint8_t byte : header.journal) out += static_cast<char>(byte);
  put(out, header.epoch);
  put(out, header.sequence);
  put(out, static_cast<std::uint64_t>(header.state_time.time_since_epoch().count()));
  put(out, static_cast<std::uint64_t>(header.sent_at.count()));
  put(out, header.durable_through);
  put(out, static_cast<std::uint32_t>(header.previous.size()));
  for (const std::uint64_t previous : header.previous) put(out, previous);
  return out;
}

base::Result<FeedHeader> decode_feed_header(std::string_view bytes) {
  FeedHeader header;
  TRY(decode_feed_header(bytes, header));
  return header;
}

base::Status decode_feed_header(std::string_view bytes, FeedHeader& header) {
  if (bytes.size() < kMagic.size() + 2 || !bytes.starts_with(kMagic)) {
    return malformed("does not start with GWFH and a version");
  }
  std::size_t at = kMagic.size();
  const auto version = take<std::uint16_t>(bytes, at);
  if (version != kFeedHeaderVersion) {
    return base::Error{base::ErrorCode::Unsupported,
                       fmt::format("feed header: version {} was sent, version {} is understood; use the hub's release",
                                   version, kFeedHeaderVersion)};
  }
  if (bytes.size() < kFixedBytes) {
    return malformed(fmt::format("{} bytes; at least {} expected", bytes.size(), kFixedBytes));
  }
  at += 2;  // reserved: written as 0, not looked at
  for (std::uint8_t& byte : header.journal) byte = take<std::uint8_t>(bytes, at);
  header.epoch = take<std::uint64_t>(bytes, at);
  header.sequence = take<std::uint64_t>(bytes, at);
  header.state_time = base::UtcTime(base::Duration(take<std::int64_t>(bytes, at)));
  const auto sent_at_ns = take<std::int64_t>(bytes, at);
  if (sent_at_ns > kMonotonicNanosecondsMax || sent_at_ns < -kMonotonicNanosecondsMax) {
    return malformed("sent_at is no monotonic time");
  }
  header.sent_at = base::Duration(sent_at_ns);
  header.durable_through = take<std::uint64_t>(bytes, at);
  const auto count = take<std::uint32_t>(bytes, at);
  if (count > kFeedHeaderPreviousMax || bytes.size() != kFixedBytes + std::size_t{8} * count) {
    return malformed(fmt::format("{} bytes do not fit {} previous sequences", bytes.size(), count));
  }
  header.previous.resize(count);
  for (std::uint64_t& previous : header.previous) previous = take<std::uint64_t>(bytes, at);
  return {};
}

}  // namespace gridwall::wire
