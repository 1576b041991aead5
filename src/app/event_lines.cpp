#include "app/event_lines.hpp"

#include <string>

#include "app/line_reader.hpp"
#include "app/progress_line.hpp"
#include "wire/constants.hpp"

namespace gridwall::app {

namespace {

constexpr std::uint64_t kLinesPerLook = 1000;
constexpr base::Duration kPatience = std::chrono::seconds(1);  // a pipe may make us wait

}  // namespace

base::Status for_each_event_line(const std::filesystem::path& file, std::string_view step,
                                 const std::function<base::Status(const EventLine& line)>& take) {
  TRY_ASSIGN(auto reader, LineReader::open(file.string(), wire::kMessageBytesMax));
  std::error_code unknown;
  const auto file_size = std::filesystem::file_size(file, unknown);
  std::uint64_t bytes_read = 0;
  ProgressLine progress;
  std::string text;
  for (;;) {
    const LineReader::Outcome outcome = reader.next(text, kPatience);
    if (outcome == LineReader::Outcome::End) return {};
    if (outcome == LineReader::Outcome::NothingYet) continue;
    bytes_read += text.size() + 1;
    if (reader.line_number() % kLinesPerLook == 0 && !unknown && file_size > 0) {
      progress.tell(step, static_cast<double>(bytes_read) / static_cast<double>(file_size));
    }
    const bool too_long = outcome == LineReader::Outcome::TooLong;
    if (!too_long && text.find_first_not_of(" \t\r") == std::string::npos) continue;
    TRY(take({text, reader.line_number(), too_long}));
  }
}

}  // namespace gridwall::app
