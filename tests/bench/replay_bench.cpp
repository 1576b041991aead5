// What replaying a recording costs: a city's events (five levels, 39,781 divisions) at full speed through
// hub::Replayer, beside the floor in the same run: zstd of the same messages, simdjson over their bodies, and the fold
// of the same events, summed. Then random seeks: how long until the state stands. Processor time;
// medians of three rounds. Usage:
// replay_bench [--json] [EVENTS] [SEEKS]
#include <simdjson.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/compressor.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "base/time_text.hpp"
#include "bench/city_events.hpp"
#include "hub/journal_keeper.hpp"
#include "hub/replayer.hpp"
#include "journal/writer.hpp"

namespace gridwall::hub {
namespace {

namespace fs = std::filesystem;
using bench::must;
constexpr int kRounds = 3;
constexpr std::uint64_t kEventsPerKeyframe = 250'000;
constexpr std::size_t kEventsPerBlock = 5000;

// Of this thread, which does all of it: a machine that does something else beside it does not count.
double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

LedgerOptions settings() {
  const bench::CitySettings city = bench::city_settings();
  LedgerOptions options;
  options.tree = city.tree;
  options.vocabulary = city.vocabulary;
  options.rules = city.rules;
  options.journal[0] = 1;
  return options;
}

std::uint64_t record(const LedgerOptions& options, const fs::path& file, std::size_t event_count) {
  journal::Identity identity;
  identity.journal = options.journal;
  identity.tree_hash = options.tree->content_hash();
  identity.zone = "Asia/Shanghai";
  auto writer = must(journal::Writer::open(file, identity, {}, {.one_segment = true}));
  Ledger ledger = must(Ledger::create(options));
  const auto start = must(base::parse_rfc3339("2026-03-02T08:00:00+08:00"));
  bench::City city({options.tree, options.vocabulary, options.rules}, start, std::chrono::milliseconds(200));
  std::uint64_t keyframe_at = 0;
  while (ledger.sequencer().last_sequence() < event_count) {
    FeedBatch batch;
    for (std::size_t i = 0; i < kEventsPerBlock; ++i) {
      model::Event event = city.next_placed();
      ledger.advance(city.now());
      ledger.publish(std::move(event), {city.now(), {}}, batch);
    }
    std::vector<journal::Record> records;
    for (std::size_t i = 0; i < batch.messages.size(); ++i) {
      FeedMessage& message = batch.messages[i];
      records.push_back({batch.events[i].sequence, batch.events[i].state_time, std::move(message.topic),
                         std::move(message.header), std::move(message.body)});
    }
    must(writer.append(records));
    must(writer.commit());
    if (batch.last_sequence() < keyframe_at + kEventsPerKeyframe) continue;
    keyframe_at = batch.last_sequence();
    must(writer.put_keyframe(journal_keyframe(ledger.copy())));
  }
  return ledger.sequencer().last_sequence();
}

// The same messages in blocks, parsed and folded by themselves.
double floor_seconds(const LedgerOptions& options, const fs::path& file) {
  auto recording = must(journal::Recording::open(file));
  auto cursor = recording.events_from(1);
  base::Compressor compressor;
  base::Decompressor decompressor;
  simdjson::dom::parser parser;
  wire::EventDecoder decoder;
  const auto resolver = must(geo::EventResolver::create(options.tree));
  state::World world(options.tree, options.vocabulary, options.rules);
  std::vector<journal::Record> records;
  std::vector<model::SequencedEvent> events;
  std::string block, packed, unpacked, padded;
  double seconds = 0;
  while (must(cursor.next_chunk(records))) {
    block.clear();
    events.clear();
    for (const journal::Record& one : records) {
      block += one.topic + one.header + one.body;
      model::SequencedEvent& event = events.emplace_back();
      event.event = must(decoder.decode_feed_event(one.body));
      event.sequence = one.sequence;
      event.state_time = event.received_at = one.state_time;
      resolver.resolve(event);
    }
    compressor.compress(block, packed);
    const auto begin = thread_seconds();
    must(decompressor.decompress(packed, block.size(), unpacked));
    for (const journal::Record& one : records) {
      padded.assign(one.body);
      padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
      simdjson::dom::element parsed;
      if (parser.parse(padded.data(), padded.size(), false).get(parsed) != 0) std::abort();
    }
    world.apply(events);
    seconds += thread_seconds() - begin;
  }
  return seconds;
}

int run(std::size_t event_count, std::size_t seek_count, bool json) {
  const LedgerOptions options = settings();
  const fs::path folder = fs::temp_directory_path() / fmt::format("gridwall-replay-bench-{}", ::getpid());
  fs::create_directories(folder);
  const fs::path file = folder / "city.gwr";
  const auto count = static_cast<double>(record(options, file, event_count));
  std::vector<double> floors, replays, seeks;
  std::unique_ptr<Replayer> replayer;
  for (int round = 0; round < kRounds; ++round) {
    floors.push_back(floor_seconds(options, file));
    replayer = must(Replayer::open(std::span(&file, 1), options));
    const auto begin = thread_seconds();
    (void)must(replayer->skip_until(replayer->last_time(), event_count * 2));
    replays.push_back(thread_seconds() - begin);
  }
  base::Random random(3);
  for (std::size_t i = 0; i < seek_count; ++i) {
    const auto begin = thread_seconds();
    must(replayer->jump(random.next_below(replayer->last_sequence()) + 1));
    seeks.push_back((thread_seconds() - begin) * 1000);
  }
  const auto use = replayer->copy_use();
  fs::remove_all(folder);
  const double floor_ns = percentile(floors, 0.5) / count * 1e9, replay_ns = percentile(replays, 0.5) / count * 1e9;
  const double p50 = percentile(seeks, 0.5), p95 = percentile(seeks, 0.95);
  if (json) {
    base::JsonWriter out;
    out.begin_object().field("events", count).field("floor_ns", floor_ns).field("replay_ns", replay_ns);
    out.field("share_of_floor", floor_ns / replay_ns).field("seek_p50_ms", p50).field("seek_p95_ms", p95);
    out.field("copies", use.count).field("copy_bytes", use.bytes).end_object();
    std::puts(out.text().c_str());
    return 0;
  }
  std::printf(
      "%.0f events; an event: floor (zstd + simdjson + fold) %.0f ns, replay %.0f ns: %.2f of the floor's speed\n",
      count, floor_ns, replay_ns, floor_ns / replay_ns);
  std::printf("%zu random seeks: p50 %.0f ms, p95 %.0f ms; %zu copies of state, %.1f MiB\n", seek_count, p50, p95,
              use.count, static_cast<double>(use.bytes) / (1 << 20));
  std::printf("seeks began at: a copy %llu, a keyframe %llu, nothing %llu\n",
              static_cast<unsigned long long>(use.restored_count), static_cast<unsigned long long>(use.keyframe_count),
              static_cast<unsigned long long>(use.clear_count));
  return 0;
}

}  // namespace
}  // namespace gridwall::hub

int main(int argc, char** argv) {
  std::size_t numbers[2] = {600'000, 300};
  std::size_t at = 0;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (at < 2) {
      numbers[at++] = std::strtoull(argv[i], nullptr, 10);
    }
  }
  return gridwall::hub::run(std::max<std::size_t>(numbers[0], 1), std::max<std::size_t>(numbers[1], 1), json);
}
