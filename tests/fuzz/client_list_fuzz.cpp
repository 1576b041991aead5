// clients.toml and what ZeroMQ asks about a key, from any bytes: never a crash; a list that reads can grow by a client
// and lose one, and every other entry stays as it was; nobody comes in who is not on it.
#include <vector>

#include "base/assert.hpp"
#include "feed/client_list.hpp"
#include "feed/curve_keys.hpp"
#include "feed/zap.hpp"
#include "fuzz_entry.hpp"

namespace gridwall {
namespace {

void check_growth(std::string_view text, const feed::ClientList& list) {
  feed::ClientEntry entry;
  entry.seat = "fuzz-seat";
  entry.public_key = feed::key_text(std::string(32, 'f'));
  entry.roles = feed::Role::Viewer;
  const auto grown = feed::text_with_client(text, "clients.toml", entry);
  if (!grown.ok()) return;
  const auto after = feed::ClientList::parse(*grown, "clients.toml");
  ASSERT(after.ok() && after->entries().size() == list.entries().size() + 1, "not one client more");
  for (std::size_t i = 0; i < list.entries().size(); ++i) {
    ASSERT(after->entries()[i] == list.entries()[i], "entry {} did not stay", i);
  }
  const auto revoked = feed::text_with_revocation(*grown, "clients.toml", entry.public_key, base::UtcTime{});
  if (!revoked.ok()) return;
  const auto last = feed::ClientList::parse(*revoked, "clients.toml");
  ASSERT(last.ok() && last->find_key(entry.public_key)->revoked, "not revoked");
}

// The bytes as the parts of a request, split at line feeds.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (parts.size() < 10) {
    const auto end = text.find('\n');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view text = fuzz::as_text(data, size);
  const auto list = feed::ClientList::parse(text, "clients.toml");
  if (list.ok()) check_growth(text, *list);
  const feed::ClientList clients = list.ok() ? *list : feed::ClientList();
  const feed::ZapAnswer answer = feed::answer_zap(parts_of(text), clients);
  ASSERT(!answer.admitted || clients.find_key(answer.public_key) != nullptr, "a stranger came in");
  ASSERT(answer.parts.empty() || answer.parts.size() == 6, "{} parts", answer.parts.size());
  static_cast<void>(feed::is_key_text(text));
  static_cast<void>(feed::is_seat(text));
  return 0;
}
