#include "journal/key_run.hpp"

#include "base/varint.hpp"

namespace gridwall::journal {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKeyBytesMin = 18;
constexpr int kProbes = 8;

base::Error malformed(std::string detail) {
  return {base::ErrorCode::Malformed, "run of keys: " + std::move(detail)};
}

}  // namespace

std::string encode_key_run(std::span<const DedupeKey> keys) {
  std::string bytes;
  bytes.reserve(5 + 24 * keys.size());
  base::put_fixed(bytes, kVersion);
  base::put_fixed(bytes, static_cast<std::uint32_t>(keys.size()));
  std::int64_t time_ns = 0;
  std::uint64_t sequence = 0;
  for (const DedupeKey& key : keys) {
    base::put_fixed(bytes, key.low);
    base::put_fixed(bytes, key.high);
    const std::int64_t key_ns = key.occurred_at.time_since_epoch().count();
    // Modulo 2^64: a source may send any time.
    base::put_signed_varint(
        bytes, static_cast<std::int64_t>(static_cast<std::uint64_t>(key_ns) - static_cast<std::uint64_t>(time_ns)));
    base::put_signed_varint(bytes, static_cast<std::int64_t>(key.sequence - sequence));
    time_ns = key_ns;
    sequence = key.sequence;
  }
  return bytes;
}

base::Status decode_key_run(std::string_view bytes, std::vector<DedupeKey>& keys) {
  keys.clear();
  base::NumberReader reader(bytes);
  const auto version = reader.fixed<std::uint8_t>();
  if (version != kVersion) return malformed(fmt::format("version {}, version {} is understood", version, kVersion));
  const auto count = reader.fixed<std::uint32_t>();
  if (count > kKeyRunKeysMax || count > reader.rest().size() / kKeyBytesMin) {
    return malformed(fmt::format("{} keys in {} bytes", count, bytes.size()));
  }
  keys.resize(count);
  std::uint64_t time_ns = 0, sequence = 0;
  for (DedupeKey& key : keys) {
    key.low = reader.fixed<std::uint64_t>();
    key.high = reader.fixed<std::uint64_t>();
    time_ns += static_cast<std::uint64_t>(reader.signed_varint());
    sequence += static_cast<std::uint64_t>(reader.signed_varint());
    key.occurred_at = base::UtcTime(base::Duration(static_cast<std::int64_t>(time_ns)));
    key.sequence = sequence;
  }
  if (!reader.bad() && reader.rest().empty()) return {};
  keys.clear();
  return malformed("its bytes do not fit its count");
}

void KeyFilter::add(std::uint64_t low, std::uint64_t high) {
  std::uint64_t at = low;
  for (int i = 0; i < kProbes; ++i, at += high | 1) m_words[at % kBits / 64] |= std::uint64_t{1} << (at % 64);
  ++m_count;
}

bool KeyFilter::may_hold(std::uint64_t low, std::uint64_t high) const {
  std::uint64_t at = low;
  for (int i = 0; i < kProbes; ++i, at += high | 1) {
    if ((m_words[at % kBits / 64] >> (at % 64) & 1) == 0) return false;
  }
  return true;
}

}  // namespace gridwall::journal
