// What a journal costs: feed messages of real size written through journal::Writer, beside the floor in the same run:
// zstd-1 of the same messages laid end to end, appended to a file with a sync at the same places. Reading at full speed
// beside zstd alone, and the time to find a random event in a large recording (row, chunk, zstd, decode; no fold).
// Bodies differ by seed, so that chunks are not each other's copies. Medians of five rounds.
// Usage: record_bench [--json] [--folder DIR] [EVENTS PER ROUND] [EVENTS OF THE LARGE RECORDING]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/compressor.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "base/time_text.hpp"
#include "journal/recording.hpp"
#include "journal/writer.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::journal {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr int kRounds = 5;
constexpr std::size_t kEventsPerCommit = 5000;  // some megabytes: what an import commits at a time
constexpr std::size_t kSeeks = 2000;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// A city's feed: five levels of divisions, cases by random ids, positions, classes; 8 chains or fewer a header.
class Messages {
 public:
  explicit Messages(std::uint64_t seed) : m_random(seed) {}

  Record next() {
    static constexpr const char* kTypes[] = {"incident.reported",   "incident.accepted", "incident.filed",
                                             "incident.dispatched", "incident.handled",  "incident.closed"};
    static constexpr const char* kChannels[] = {"collector", "hotline", "public_app", "video"};
    const std::uint64_t sequence = ++m_sequence;
    m_now += base::Duration(static_cast<std::int64_t>(m_random.next_exponential(5e7)));
    Record made;
    made.sequence = sequence;
    made.state_time = m_now;
    const auto part = [&](std::uint64_t count) { return m_random.next_below(count) + 1; };
    made.topic = fmt::format("320281/{:03}/{:03}/{:03}/", part(17), part(30), part(40));
    wire::FeedHeader header;
    header.sequence = sequence;
    header.state_time = m_now;
    header.sent_at = base::Duration(m_now.time_since_epoch().count() % 1'000'000'000'000'000);
    header.durable_through = sequence - std::min<std::uint64_t>(sequence, part(200));
    header.previous = {sequence - 1, sequence - 1, sequence - std::min(sequence, part(30)),
                       sequence - std::min(sequence, part(900)), sequence - std::min(sequence, part(40'000))};
    made.header = wire::encode_feed_header(header);
    made.body = fmt::format(
        R"({{"specversion":"1.0","id":"{:016x}","source":"/city/{}","type":"{}","time":"{}","subject":"26{:09}",)"
        R"("data":{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{:.7f},{:.7f}]}},"properties":)"
        R"({{"class_set":"GB/T 30428.2-2013","class_code":"E{:02}.{:02}","channel":"{}","department":"dept-{}",)"
        R"("severity":{}}}}},"resolved":{{"division_path":"{}"}}}})",
        m_random.next_u64(), part(6), kTypes[m_random.next_below(6)], base::format_rfc3339(m_now), part(900'000'000),
        120.2 + 0.4 * m_random.next_unit(), 31.6 + 0.3 * m_random.next_unit(), part(9), part(20),
        kChannels[m_random.next_below(4)], part(40), part(4), made.topic);
    return made;
  }
  DedupeKey key(const Record& record) {
    return {m_random.next_u64(), m_random.next_u64(), record.state_time, record.sequence};
  }

 private:
  base::Random m_random;
  std::uint64_t m_sequence = 0;
  base::UtcTime m_now = base::parse_rfc3339("2026-11-22T00:00:00+08:00").value();
};

struct Sample {
  std::vector<Record> records;
  std::vector<DedupeKey> keys;
  std::size_t bytes = 0;
};

Sample make_sample(std::size_t count) {
  Sample sample;
  Messages messages(1);
  for (std::size_t i = 0; i < count; ++i) {
    sample.records.push_back(messages.next());
    sample.keys.push_back(messages.key(sample.records.back()));
    const Record& record = sample.records.back();
    sample.bytes += record.topic.size() + record.header.size() + record.body.size();
  }
  return sample;
}

Identity identity() {
  Identity made;
  made.profile = "bench";
  made.root_path = "320281/";
  made.zone = "Asia/Shanghai";
  return made;
}

[[noreturn]] void give_up(const base::Error& error) {
  std::fprintf(stderr, "record_bench: %s\n", error.message.c_str());
  std::exit(1);
}

void remove_file(const fs::path& path) {
  std::error_code code;
  fs::remove_all(path, code);
}

struct Floor {
  double write_s = 0, unzip_s = 0;
  std::uint64_t file_bytes = 0;
};

// The same bytes in frames of the same size, behind each other.
Floor floor_of(const Sample& sample, const fs::path& file) {
  remove_file(file);
  Floor floor;
  const int descriptor = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0644);
  base::Compressor compressor(1);
  std::string raw, frame;
  std::vector<std::string> frames;
  const auto put = [&] {
    if (raw.empty()) return;
    compressor.compress(raw, frame);
    if (::write(descriptor, frame.data(), frame.size()) != static_cast<ssize_t>(frame.size())) std::exit(1);
    floor.file_bytes += frame.size();
    frames.push_back(frame);
    raw.clear();
  };
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < sample.records.size(); ++i) {
    const Record& record = sample.records[i];
    raw += record.topic;
    raw += record.header;
    raw += record.body;
    if (raw.size() >= kChunkBytesTarget) put();
    if ((i + 1) % kEventsPerCommit == 0 || i + 1 == sample.records.size()) {
      put();
      if (::fdatasync(descriptor) != 0) std::exit(1);
    }
  }
  floor.write_s = seconds_since(begin);
  ::close(descriptor);
  base::Decompressor decompressor;
  const auto unzip = Clock::now();
  for (const std::string& one : frames) {
    if (!decompressor.decompress(one, kChunkBytesMax, raw).ok()) std::exit(1);
  }
  floor.unzip_s = seconds_since(unzip);
  return floor;
}

struct Journal {
  double write_s = 0, read_s = 0;
  std::uint64_t file_bytes = 0, stored_bytes = 0;
};

// A file is made once a day: that is not counted, as opening the floor's file is not.
double write_journal(const Sample& sample, const fs::path& file) {
  auto writer = Writer::create_file(file, identity(), {}, nullptr);
  if (!writer.ok()) give_up(writer.error());
  const auto begin = Clock::now();
  // A call of the hub's has some tens of records.
  constexpr std::size_t kRecordsPerCall = 50;
  for (std::size_t i = 0; i < sample.records.size(); i += kRecordsPerCall) {
    const std::size_t count = std::min(kRecordsPerCall, sample.records.size() - i);
    const auto status = writer->append({sample.records.data() + i, count}, {sample.keys.data() + i, count});
    if (!status.ok()) give_up(status.error());
    if ((i + count) % kEventsPerCommit != 0 && i + count != sample.records.size()) continue;
    const auto durable = writer->commit();
    if (!durable.ok()) give_up(durable.error());
  }
  return seconds_since(begin);
}

Journal journal_of(const Sample& sample, const fs::path& file) {
  remove_file(file);
  Journal journal;
  journal.write_s = write_journal(sample, file);
  auto recording = Recording::open(file);
  if (!recording.ok()) give_up(recording.error());
  std::vector<Record> records;
  std::size_t count = 0;
  const auto reading = Clock::now();
  auto cursor = recording->events_from(1);
  for (;;) {
    const auto more = cursor.next_chunk(records);
    if (!more.ok()) give_up(more.error());
    if (!*more) break;
    count += records.size();
  }
  journal.read_s = seconds_since(reading);
  if (count != sample.records.size()) std::exit(1);
  const auto info = recording->info(0);
  journal.file_bytes = info->file_bytes;
  journal.stored_bytes = info->stored_bytes;
  return journal;
}

struct Seeks {
  std::uint64_t events = 0, file_bytes = 0;
  double write_s = 0, open_ms = 0, p50_ms = 0, p95_ms = 0, by_time_p95_ms = 0, density_ms = 0;
};

double percentile(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void write_large(const fs::path& file, std::uint64_t count) {
  auto writer = Writer::open(file, identity(), {}, {.one_segment = true});
  if (!writer.ok()) give_up(writer.error());
  Messages messages(2);
  std::vector<Record> some;
  for (std::uint64_t i = 1; i <= count; ++i) {
    some.push_back(messages.next());
    if (some.size() < kEventsPerCommit && i < count) continue;
    const auto status = writer->append(some);
    if (!status.ok()) give_up(status.error());
    if (const auto durable = writer->commit(); !durable.ok()) give_up(durable.error());
    some.clear();
  }
}

Seeks seeks_in(const fs::path& file, std::uint64_t count) {
  remove_file(file);
  Seeks seeks{.events = count};
  const auto writing = Clock::now();
  write_large(file, count);
  seeks.write_s = seconds_since(writing);
  seeks.file_bytes = fs::file_size(file);
  const auto opening = Clock::now();
  auto recording = Recording::open(file);
  if (!recording.ok()) give_up(recording.error());
  seeks.open_ms = 1e3 * seconds_since(opening);
  base::Random random(3);
  std::vector<double> by_sequence, by_time;
  std::vector<Record> records;
  const auto span = recording->last_time() - recording->first_time();
  for (std::size_t i = 0; i < kSeeks; ++i) {
    auto begin = Clock::now();
    const auto found = recording->events_from(1 + random.next_below(count)).next_chunk(records);
    by_sequence.push_back(1e3 * seconds_since(begin));
    if (!found.ok()) give_up(found.error());
    const auto time = recording->first_time() +
                      base::Duration(static_cast<std::int64_t>(random.next_unit() * static_cast<double>(span.count())));
    begin = Clock::now();
    const auto sequence = recording->sequence_at(time);
    by_time.push_back(1e3 * seconds_since(begin));
    if (!sequence.ok()) give_up(sequence.error());
  }
  const auto density = Clock::now();
  if (const auto strip = recording->density(1000); !strip.ok()) give_up(strip.error());
  seeks.density_ms = 1e3 * seconds_since(density);
  seeks.p50_ms = percentile(by_sequence, 0.5);
  seeks.p95_ms = percentile(by_sequence, 0.95);
  seeks.by_time_p95_ms = percentile(by_time, 0.95);
  remove_file(file);
  return seeks;
}

struct Options {
  bool json = false;
  fs::path folder;
  std::size_t events = 400'000;
  std::uint64_t large_events = 1'000'000;
};

void print(const Options& options, const Sample& sample, const std::vector<Floor>& floors,
           const std::vector<Journal>& journals, const Seeks& seeks) {
  const auto of = [](const auto& rounds, auto member) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(round.*member);
    return median(values);
  };
  const double count = static_cast<double>(sample.records.size());
  const double floor_write = count / of(floors, &Floor::write_s), write = count / of(journals, &Journal::write_s);
  const double floor_read = count / of(floors, &Floor::unzip_s), read = count / of(journals, &Journal::read_s);
  if (options.json) {
    base::JsonWriter json;
    json.begin_object().field("events", sample.records.size()).field("raw_bytes", sample.bytes);
    json.field("write_events_s", write)
        .field("floor_write_events_s", floor_write)
        .field("write_ratio", write / floor_write);
    json.field("read_events_s", read).field("floor_read_events_s", floor_read).field("read_ratio", read / floor_read);
    json.field("file_bytes", journals[0].file_bytes).field("stored_bytes", journals[0].stored_bytes);
    json.field("floor_bytes", floors[0].file_bytes).field("large_events", seeks.events);
    json.field("seek_p50_ms", seeks.p50_ms).field("seek_p95_ms", seeks.p95_ms);
    json.field("seek_by_time_p95_ms", seeks.by_time_p95_ms).field("open_ms", seeks.open_ms);
    json.field("density_ms", seeks.density_ms).field("large_file_bytes", seeks.file_bytes).end_object();
    std::printf("%s\n", json.text().c_str());
    return;
  }
  std::printf("%zu events of %.0f B; medians of %d rounds\n", sample.records.size(),
              static_cast<double>(sample.bytes) / count, kRounds);
  std::printf("writing  %8.0f events/s  zstd-1 + append + sync %8.0f  ratio %.2f (goal 0.70)\n", write, floor_write,
              write / floor_write);
  std::printf("         %8.1f B/event with keys, %.1f in chunks, %.1f at the floor\n",
              static_cast<double>(journals[0].file_bytes) / count,
              static_cast<double>(journals[0].stored_bytes) / count, static_cast<double>(floors[0].file_bytes) / count);
  std::printf("reading  %8.0f events/s  zstd alone %8.0f  ratio %.2f\n", read, floor_read, read / floor_read);
  std::printf("seeking in %llu events (%.0f MB, written in %.1f s): p50 %.2f ms, p95 %.2f ms; by time p95 %.2f ms\n",
              static_cast<unsigned long long>(seeks.events), static_cast<double>(seeks.file_bytes) / 1e6, seeks.write_s,
              seeks.p50_ms, seeks.p95_ms, seeks.by_time_p95_ms);
  std::printf("opening %.2f ms, density strip %.2f ms\n", seeks.open_ms, seeks.density_ms);
}

int run(const Options& options) {
  const fs::path folder = options.folder / fmt::format("gridwall-record-bench-{}", ::getpid());
  fs::create_directories(folder);
  const Sample sample = make_sample(options.events);
  std::vector<Floor> floors;
  std::vector<Journal> journals;
  for (int round = 0; round < kRounds; ++round) {
    floors.push_back(floor_of(sample, folder / "floor"));
    journals.push_back(journal_of(sample, folder / "journal.gwr"));
  }
  remove_file(folder / "floor");
  remove_file(folder / "journal.gwr");
  const Seeks seeks = seeks_in(folder / "large.gwr", options.large_events);
  print(options, sample, floors, journals, seeks);
  remove_file(folder);
  return 0;
}

}  // namespace
}  // namespace gridwall::journal

int main(int argument_count, char** arguments) {
  gridwall::journal::Options options;
  options.folder = std::filesystem::temp_directory_path();
  int numbers = 0;
  for (int i = 1; i < argument_count; ++i) {
    const std::string word = arguments[i];
    if (word == "--json") {
      options.json = true;
    } else if (word == "--folder" && i + 1 < argument_count) {
      options.folder = arguments[++i];
    } else if (const auto number = std::strtoull(word.c_str(), nullptr, 10); number > 0 && numbers < 2) {
      (numbers++ == 0 ? options.events : options.large_events) = number;
    } else {
      std::fprintf(stderr,
                   "usage: record_bench [--json] [--folder DIR] [EVENTS A ROUND] [EVENTS OF THE LARGE RECORDING]\n");
      return 2;
    }
  }
  return gridwall::journal::run(options);
}
