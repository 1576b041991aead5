#include "app/import_history.hpp"

#include <algorithm>

#include "app/history_writer.hpp"
#include "app/progress_line.hpp"
#include "base/text_file.hpp"

namespace gridwall::app {

base::Result<ImportResult> import_history(const std::filesystem::path& events, const std::filesystem::path& recording,
                                          const WallData& data, const std::string& profile_name) {
  TRY_ASSIGN(const std::string text, base::read_text_file(events));
  TRY_ASSIGN(auto importer, HistoryWriter::create(recording, data, {profile_name, false, {}}));
  ImportResult result;
  ProgressLine progress;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++result.line_count;
    if (result.line_count % 1000 == 0) {
      progress.tell("importing", static_cast<double>(begin) / static_cast<double>(text.size()));
    }
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    TRY(importer.take(line));
    if (result.first_refusal.empty() && !importer.refusal().empty()) {
      result.first_refusal = fmt::format("{}:{}: {}", events.string(), result.line_count, importer.refusal());
    }
  }
  TRY(importer.finish());
  progress.finish();
  result.event_count = importer.counters().accepted_count;
  result.refused_count = importer.counters().refused_count;
  result.duplicate_count = importer.counters().duplicate_count;
  result.last_sequence = importer.last_sequence();
  return result;
}

}  // namespace gridwall::app
