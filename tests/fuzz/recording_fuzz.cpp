// A whole recording from anywhere: opened and read to its end, or refused with a sentence; never a crash. An input is a
// file, or changes of a whole one: three bytes each, the place (of 65,536) and the new byte, behind a first byte that
// says where it is cut.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/log.hpp"
#include "fuzz_entry.hpp"
#include "journal/recording.hpp"
#include "journal/writer.hpp"

namespace {

using namespace gridwall;
using namespace gridwall::journal;

const std::filesystem::path& file() {
  static const std::filesystem::path kFile = [] {
    base::set_log_level(base::LogLevel::Off);
    std::string folder = std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp";
    folder += "/gridwall-fuzz-recording-" + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    std::atexit([] { std::filesystem::remove_all(file().parent_path()); });
    return std::filesystem::path(folder) / "one.gwr";
  }();
  return kFile;
}

void put(std::string_view bytes) {
  for (const char* ending : {"-wal", "-shm", "-journal"}) std::filesystem::remove(file().string() + ending);
  std::ofstream(file(), std::ios::binary | std::ios::trunc) << bytes;
}

// A small one with all that a recording may hold.
std::string whole() {
  std::filesystem::remove(file());
  Identity identity;
  identity.root_path = "a/";
  identity.zone = "Asia/Shanghai";
  const ContentItem content{"tree", std::string(100, 't')};
  {
    auto writer = Writer::open(file(), identity, {&content, 1}, {.one_segment = true});
    if (!writer.ok()) std::abort();
    for (std::uint64_t i = 1; i <= 20; ++i) {
      const Record record{i, base::UtcTime(std::chrono::hours(i)), "a/b/", std::string(92, 'h'), "{}"};
      const DedupeKey key{i, i * i, record.state_time, i};
      if (!writer->append({&record, 1}, {&key, 1}).ok() || !writer->commit().ok()) std::abort();
    }
    const base::UtcTime last{std::chrono::hours(20)};
    if (!writer->put_keyframe({20, last, 7, "head", {{"a/b/", "part"}, {"a/~", "own"}}, "chains"}).ok()) std::abort();
    if (!writer->put_bookmark({0, 10, base::UtcTime(std::chrono::hours(10)), "here"}).ok()) std::abort();
  }
  std::ifstream stream(file(), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string changed(std::string bytes, std::string_view changes) {
  if (changes.empty()) return bytes;
  const auto cut = static_cast<unsigned char>(changes[0]);
  if (cut != 0) bytes.resize(bytes.size() * cut / 256);
  for (std::size_t i = 1; i + 2 < changes.size() && !bytes.empty(); i += 3) {
    const auto high = static_cast<unsigned char>(changes[i]), low = static_cast<unsigned char>(changes[i + 1]);
    bytes[(std::size_t{high} << 8 | low) % bytes.size()] = changes[i + 2];
  }
  return bytes;
}

void read_all() {
  auto recording = Recording::open(file());
  if (!recording.ok()) {
    if (recording.error().message.empty()) std::abort();
    return;
  }
  auto cursor = recording->events_from(1);
  std::vector<Record> records;
  for (int i = 0; i < 1000; ++i) {
    const auto more = cursor.next_chunk(records);
    if (!more.ok() || !*more) break;
  }
  static_cast<void>(recording->keyframe_at_or_before(std::uint64_t{20}));
  static_cast<void>(recording->keyframe_at_or_before(base::UtcTime(std::chrono::hours(15))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kWhole = whole();
  const std::string_view bytes = fuzz::as_text(data, size);
  put(bytes.starts_with("SQLite format 3") ? std::string(bytes) : changed(kWhole, bytes));
  read_all();
  return 0;
}
