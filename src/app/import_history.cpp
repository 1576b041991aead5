#include "app/import_history.hpp"

#include <algorithm>

#include "app/event_lines.hpp"
#include "app/history_writer.hpp"

namespace gridwall::app {

base::Result<ImportResult> import_history(const std::filesystem::path& events, const std::filesystem::path& recording,
                                          const WallData& data, const std::string& profile_name) {
  TRY_ASSIGN(auto importer, HistoryWriter::create(recording, data, {profile_name, false, {}}));
  ImportResult result;
  const base::Status read = for_each_event_line(events, "importing", [&](const EventLine& line) -> base::Status {
    result.line_count = line.number;
    if (line.too_long) ++result.refused_count;
    if (!line.too_long) TRY(importer.take(line.text));
    if (result.first_refusal.empty() && (line.too_long || !importer.refusal().empty())) {
      result.first_refusal = fmt::format("{}:{}: {}", events.string(), line.number,
                                         line.too_long ? "larger than one message may be" : importer.refusal());
    }
    return {};
  });
  TRY(read);
  TRY(importer.finish());
  result.event_count = importer.counters().accepted_count;
  result.refused_count += importer.counters().refused_count;
  result.duplicate_count = importer.counters().duplicate_count;
  result.last_sequence = importer.last_sequence();
  return result;
}

}  // namespace gridwall::app
