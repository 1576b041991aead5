// What one event costs the fold (lifecycle, deadlines, counts, figures, digest, timers) in a district of five levels
// and 39,781 divisions, at 10,000, 100,000 and 1,000,000 open incidents, beside the floor in the same run: simdjson
// parses the same events and one entry of a flat hash table is written for each. Cases run through their courses in
// random order; a closed one is followed by a new one, so the number of open ones stays. Medians of seven rounds, of
// the time that the thread itself had: what else the machine does is not counted. The rounds with snapshots come last:
// what it costs to write behind a snapshot's back is in their figure, and in no other.
// Usage: fold_bench [--json] [EVENTS PER ROUND] [OPEN INCIDENTS]
#include <simdjson.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/hash.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "model/district_rules.hpp"
#include "model/profile.hpp"
#include "state/world.hpp"
#include "support/small_tree.hpp"
#include "wire/event_codec.hpp"

namespace gridwall {
namespace {

constexpr int kRounds = 7;
constexpr std::size_t kEventsPerFrame = 1000;  // 60,000 events a second at 60 frames a second

constexpr const char* kCourse[] = {
    "incident.reported",          "incident.accepted",         "incident.filed",
    "incident.dispatched",        "incident.handling_started", "incident.extension_requested",
    "incident.extension_decided", "incident.handled",          "incident.check_requested",
    "incident.check_started",     "incident.check_passed",     "incident.closed"};
constexpr const char* kChannels[] = {"collector", "hotline", "public_app", "video"};

struct Settings {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
};

base::Result<Settings> load_settings() {
  const std::filesystem::path config = GRIDWALL_SOURCE_DIR "/config";
  Settings settings;
  settings.tree = test::small_tree({.splits = {6, 4, 2, 4}});  // 36, 576, 2,304 and 36,864 below the root
  TRY_ASSIGN(const auto profile, model::load_profile(config / "profiles" / "lianyuan.toml"));
  TRY_ASSIGN(auto vocabulary, model::load_vocabulary(config));
  TRY_ASSIGN(settings.rules, model::load_district_rules(config, profile, vocabulary));
  settings.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary));
  return settings;
}

// A city's events, without end: so many cases are open at any time.
class Feed {
 public:
  Feed(const Settings& settings, std::size_t open_count) : m_settings(settings), m_cases(open_count) {
    for (Case& one : m_cases) begin(one);
  }

  model::SequencedEvent next() {
    // Each case takes a step every two hours: more open cases come with more events, as in a larger city.
    m_now += base::Duration(static_cast<std::int64_t>(7.2e12 / static_cast<double>(m_cases.size())));
    Case& one = m_cases[m_random.next_below(m_cases.size())];
    if (one.step == std::size(kCourse)) begin(one);
    return event_of(one);
  }
  // Each case's first `steps` events, in order of the cases.
  model::SequencedEvent open(std::size_t i) {
    m_now += std::chrono::milliseconds(1);
    return event_of(m_cases[i]);
  }

 private:
  struct Case {
    std::string id;
    std::size_t step = 0;
    std::uint32_t class_index = 0, channel = 0;
    model::DivisionIndex division;
  };

  void begin(Case& one) {
    const model::Range leaves = m_settings.tree->levels().back().divisions;
    one = {fmt::format("26{:09}", ++m_serial),
           0,
           static_cast<std::uint32_t>(m_random.next_below(m_settings.vocabulary->classes.size())),
           static_cast<std::uint32_t>(m_random.next_below(std::size(kChannels))),
           {leaves.begin + static_cast<std::uint32_t>(m_random.next_below(leaves.size()))}};
  }

  model::SequencedEvent event_of(Case& one) {
    model::SequencedEvent sequenced;
    model::Event& event = sequenced.event;
    const model::Division& division = m_settings.tree->at(one.division);
    event.id = fmt::format("{}-{}", one.id, one.step + 1);
    event.source = "/bench/city";
    event.type = kCourse[one.step++];
    event.occurred_at = sequenced.state_time = m_now;
    event.incident.incident_id = one.id;
    event.incident.class_set = m_settings.vocabulary->class_set;
    event.incident.class_code = m_settings.vocabulary->classes[one.class_index].code;
    event.incident.channel = kChannels[one.channel];
    event.incident.division_code = division.code;
    if (one.step > 3) event.incident.department = fmt::format("dept-{}", one.class_index % 12);
    if (event.type == "incident.extension_decided") event.incident.approved = true;
    event.incident.crs = "EPSG:4326";
    event.incident.point = event.point_lonlat = base::Vec2d{111.6, 27.7};
    event.division_path = division.path;
    sequenced.sequence = ++m_sequence;
    sequenced.division = one.division;
    sequenced.point_world = division.anchor_world;
    return sequenced;
  }

  const Settings& m_settings;
  std::vector<Case> m_cases;
  base::Random m_random{1};
  std::uint64_t m_serial = 0, m_sequence = 0;
  base::UtcTime m_now = base::parse_rfc3339("2026-03-02T08:00:00+08:00").value();
};

// The least that anything which follows a feed must do.
class Floor {
 public:
  explicit Floor(std::size_t capacity) { m_ids.reserve(capacity); }

  void take(std::string_view text) {
    m_buffer.assign(text.begin(), text.end());
    m_buffer.resize(text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element event;
    if (m_parser.parse(reinterpret_cast<const std::uint8_t*>(m_buffer.data()), text.size(), false).get(event) != 0)
      std::abort();
    std::string_view id;
    if (event["subject"].get(id) != 0) std::abort();
    const std::uint64_t hash = base::hash_bytes(id);
    const auto found = m_table.find(hash, [&](std::uint32_t place) { return m_ids[place].id == id; });
    if (found) {
      ++m_ids[*found].count;
      return;
    }
    m_ids.push_back({std::string(id), hash, 1});
    m_table.add(hash, static_cast<std::uint32_t>(m_ids.size() - 1),
                [&](std::uint32_t place) { return m_ids[place].hash; });
  }

 private:
  struct Entry {
    std::string id;
    std::uint64_t hash = 0, count = 0;
  };
  simdjson::dom::parser m_parser;
  std::vector<char> m_buffer;
  state::IdTable m_table;
  std::vector<Entry> m_ids;
};

double thread_ns() {
  timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) std::abort();
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Measured {
  std::size_t open_count = 0;
  double floor_ns = 0, fold_ns = 0, with_snapshots_ns = 0, text_bytes = 0;
  double case_bytes = 0, figure_bytes = 0;  // each open incident
};

Measured measure(const Settings& settings, std::size_t open_count, std::size_t event_count) {
  Feed feed(settings, open_count);
  state::World world(settings.tree, settings.vocabulary, settings.rules);
  Floor floor(open_count + kRounds * event_count);
  const auto warm = [&](auto&& make, std::size_t count) {
    std::vector<model::SequencedEvent> events;
    for (std::size_t i = 0; i < count; ++i) {
      events.push_back(make(i));
      floor.take(wire::encode_event(events.back().event));
      if (events.size() == kEventsPerFrame || i + 1 == count) {
        world.apply(events);
        events.clear();
      }
    }
  };
  warm([&](std::size_t i) { return feed.open(i); }, open_count);
  warm([&](std::size_t) { return feed.next(); }, 2 * open_count);
  Measured measured{open_count};
  const state::WorldMemory memory = world.memory();
  measured.case_bytes = static_cast<double>(memory.cases + memory.timers) / static_cast<double>(open_count);
  measured.figure_bytes = static_cast<double>(memory.figures) / static_cast<double>(open_count);

  std::vector<double> floors, folds, frozen;
  std::size_t text_bytes = 0;
  for (int round = 0; round < 2 * kRounds; ++round) {
    const bool with_snapshots = round >= kRounds;
    double floor_ns = 0, fold_ns = 0;
    for (std::size_t done = 0; done < event_count; done += kEventsPerFrame) {
      std::vector<model::SequencedEvent> events;
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < kEventsPerFrame; ++i) {
        events.push_back(feed.next());
        texts.push_back(wire::encode_event(events.back().event));
        text_bytes += texts.back().size();
      }
      const double begun = thread_ns();
      for (const std::string& text : texts) floor.take(text);
      const double parsed = thread_ns();
      world.apply(events);
      if (with_snapshots) (void)world.freeze();
      floor_ns += parsed - begun;
      fold_ns += thread_ns() - parsed;
    }
    const auto each = static_cast<double>(event_count);
    floors.push_back(floor_ns / each);
    (with_snapshots ? frozen : folds).push_back(fold_ns / each);
  }
  measured.floor_ns = median(floors);
  measured.fold_ns = median(folds);
  measured.with_snapshots_ns = median(frozen);
  measured.text_bytes = static_cast<double>(text_bytes) / static_cast<double>(2 * kRounds * event_count);
  return measured;
}

void print(const std::vector<Measured>& all, bool json_wanted) {
  base::JsonWriter json;
  json.begin_array();
  for (const Measured& one : all) {
    json.begin_object().field("open_incidents", one.open_count).field("floor_ns", one.floor_ns);
    json.field("fold_ns", one.fold_ns).field("fold_with_snapshots_ns", one.with_snapshots_ns);
    json.field("ratio", one.fold_ns / one.floor_ns).field("ratio_with_snapshots", one.with_snapshots_ns / one.floor_ns);
    json.field("bytes_per_open_incident", one.case_bytes).field("figure_bytes_per_open_incident", one.figure_bytes);
    json.end_object();
    if (json_wanted) continue;
    std::printf(
        "open=%-8zu floor %5.0f ns/event (%.0f B of JSON), fold %5.0f ns (%.2fx, %.0f k/s), with a snapshot every "
        "%zu events %5.0f ns (%.2fx); %.0f B a case, %.0f B of figures a case\n",
        one.open_count, one.floor_ns, one.text_bytes, one.fold_ns, one.fold_ns / one.floor_ns, 1e6 / one.fold_ns,
        kEventsPerFrame, one.with_snapshots_ns, one.with_snapshots_ns / one.floor_ns, one.case_bytes, one.figure_bytes);
  }
  json.end_array();
  if (json_wanted) std::printf("%s\n", json.take().c_str());
}

}  // namespace
}  // namespace gridwall

int main(int argc, char** argv) {
  using namespace gridwall;
  const bool json = argc > 1 && std::strcmp(argv[1], "--json") == 0;
  const char* number = argc > 1 + json ? argv[1 + json] : nullptr;
  const std::size_t event_count = number != nullptr ? std::strtoull(number, nullptr, 10) : 100'000;
  std::vector<std::size_t> open_counts{10'000, 100'000, 1'000'000};
  if (argc > 2 + json) open_counts = {std::strtoull(argv[2 + json], nullptr, 10)};
  const auto settings = load_settings();
  if (!settings.ok()) {
    std::fprintf(stderr, "fold_bench: %s\n", settings.error().message.c_str());
    return 1;
  }
  std::vector<Measured> all;
  for (const std::size_t open_count : open_counts) {
    if (!json) std::fprintf(stderr, "fold_bench: %zu open incidents ...\n", open_count);
    all.push_back(measure(*settings, open_count, event_count));
    if (!json) print({all.back()}, false);
    std::fflush(stdout);
  }
  if (json) print(all, true);
  return 0;
}
