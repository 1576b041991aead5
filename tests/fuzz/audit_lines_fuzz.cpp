// Lines of an audit log from any bytes: never a crash; a line that reads no longer does when a byte of it changes; and
// whatever is asked of a hub, the line that tells of it is one line and reads.
#include <algorithm>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "hub/audit_chain.hpp"

namespace gridwall {
namespace {

void check_line(std::string_view line) {
  if (!hub::read_audit_line(line)) return;
  std::string changed(line);
  const std::size_t at = line.size() * (line.size() % 101) / 101;
  changed[at] = static_cast<char>(changed[at] ^ 1);
  ASSERT(!hub::read_audit_line(changed), "reads with its byte {} changed", at);
}

void check_entry(std::string_view text) {
  hub::AuditEntry entry;
  entry.op = entry.seat = entry.role = text;
  entry.event_type = entry.event_id = entry.incident_id = entry.reason = text.substr(text.size() / 2);
  const hub::AuditLine line = hub::make_audit_line(entry, hub::first_audit_hash());
  ASSERT(std::count(line.text.begin(), line.text.end(), '\n') == 1, "more than one line");
  const auto read = hub::read_audit_line(std::string_view(line.text).substr(0, line.text.size() - 1));
  ASSERT(read && read->hash == line.hash && !read->begins, "our own line does not read");
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view text = fuzz::as_text(data, size);
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    check_line(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  check_entry(text);
  static_cast<void>(hub::is_audit_file_name(text));
  return 0;
}
