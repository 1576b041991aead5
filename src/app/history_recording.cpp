#include "app/history_recording.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "app/history_writer.hpp"
#include "app/made_recording.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/recording_content.hpp"
#include "app/simulated_district.hpp"
#include "base/hash.hpp"
#include "base/text_file.hpp"
#include "base/thread.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::LocalDays;
using base::Status;
using std::chrono::days;

namespace {

// Counts up when a recording made by an older program would be another one.
constexpr int kHistoryVersion = 1;
constexpr int kContinuedDaysMax = 92;               // a longer gap is made anew
constexpr std::uint64_t kKeyframeEvents = 500'000;  // it is begun from at its end, and seldom played

// The simulator's days on a thread of their own, one after another, a few ahead of who takes them.
class DayStream {
 public:
  DayStream(sim::Simulator simulator, const base::TimeZone& zone, LocalDays first, LocalDays end)
      : m_simulator(std::move(simulator)), m_zone(zone), m_first(first), m_end(end) {
    m_thread = base::Thread("sim", [this](const std::stop_token& stop) { run(stop); });
  }
  ~DayStream() {
    m_thread.request_stop();
    m_changed.notify_all();
    m_thread.join();
  }
  DayStream(const DayStream&) = delete;
  DayStream& operator=(const DayStream&) = delete;

  std::vector<model::Event> take() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return !m_days.empty(); });
    std::vector<model::Event> events = std::move(m_days.front());
    m_days.pop_front();
    m_changed.notify_all();
    return events;
  }

 private:
  static constexpr std::size_t kAheadMax = 4;

  void run(const std::stop_token& stop) {
    for (LocalDays day = m_first; day < m_end && !stop.stop_requested(); day += days(1)) {
      std::vector<model::Event> events = m_simulator.advance(m_zone.day_begin(day + days(1)));
      std::unique_lock lock(m_mutex);
      m_changed.wait(lock, [&] { return m_days.size() < kAheadMax || stop.stop_requested(); });
      m_days.push_back(std::move(events));
      m_changed.notify_all();
    }
  }

  sim::Simulator m_simulator;
  const base::TimeZone& m_zone;
  LocalDays m_first, m_end;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<std::vector<model::Event>> m_days;
  base::Thread m_thread;
};

std::string date_text(LocalDays day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<LocalDays> day_of_name(std::string_view stem) {
  const std::string_view text = stem.substr(stem.size() - std::min<std::size_t>(8, stem.size()));
  if (text.size() != 8 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const int number = std::stoi(std::string(text));
  const std::chrono::year_month_day date(std::chrono::year(number / 10'000),
                                         std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
                                         std::chrono::day(static_cast<unsigned>(number % 100)));
  if (!date.ok()) return std::nullopt;
  return LocalDays(date);
}

Status tell_days(HistoryWriter& writer, sim::Simulator simulator, const WallData& data, LocalDays first,
                 LocalDays end) {
  ProgressLine progress;
  const double count = static_cast<double>((end - first).count());
  DayStream stream(std::move(simulator), data.profile.zone, first, end);
  for (LocalDays day = first; day < end; day += days(1)) {
    progress.tell("making the months before, once", static_cast<double>((day - first).count()) / count);
    std::vector<model::Event> events = stream.take();
    TRY(writer.take(std::span(events)));
  }
  return {};
}

// What stands beside the cases has its own earlier periods: it is told as it stands at the end.
Status tell_registers(HistoryWriter& writer, const WallData& data, SimulationChoice choice, LocalDays end) {
  choice.registers = true;
  TRY_ASSIGN(const sim::Simulator simulator, make_simulator(data, choice));
  std::vector<model::Event> events = simulator.standing(data.profile.zone.day_begin(end));
  return writer.take(std::span(events));
}

Status finish(HistoryWriter& writer) {
  if (!writer.refusal().empty()) {
    return base::Error{base::ErrorCode::Malformed, "the generated history was refused: " + writer.refusal()};
  }
  return writer.finish();
}

LocalDays first_day_of(const HistoryWish& wish) {
  const std::chrono::year_month_day until(wish.until);
  return LocalDays((until.year() / until.month() - std::chrono::months(wish.months)) / 1);
}

Status continue_history(const fs::path& file, const WallData& data, const HistoryWish& wish, LocalDays from) {
  SimulationChoice choice;
  choice.seed = wish.seed;
  TRY_ASSIGN(sim::Simulator simulator, make_simulator(data, choice));
  simulator.begin_after(from);
  TRY_ASSIGN(HistoryWriter writer, HistoryWriter::go_on(file, data, {wish.profile_name, true, {}, kKeyframeEvents}));
  TRY(tell_days(writer, std::move(simulator), data, from, wish.until));
  return finish(writer);
}

// The newest that ends before the day, not too long before.
std::optional<std::pair<fs::path, LocalDays>> earlier_history(const fs::path& folder, const std::string& name,
                                                              LocalDays until) {
  std::optional<std::pair<fs::path, LocalDays>> best;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() != ".gwr" || !stem.starts_with(name + "-")) continue;
    const auto day = day_of_name(stem);
    if (!day || *day >= until || until - *day > days(kContinuedDaysMax)) continue;
    if (!best || *day > best->second) best = {entry.path(), *day};
  }
  return best;
}

}  // namespace

Status write_history(const fs::path& file, const WallData& data, const HistoryWish& wish) {
  SimulationChoice choice;
  choice.seed = wish.seed;
  choice.registers = false;
  TRY_ASSIGN(sim::Simulator simulator, make_simulator(data, choice));
  const LocalDays first = first_day_of(wish);
  simulator.begin_empty(first);
  TRY_ASSIGN(HistoryWriter writer,
             HistoryWriter::create(file, data,
                                   {wish.profile_name, true, data.profile.zone.day_begin(first), kKeyframeEvents}));
  TRY(tell_days(writer, std::move(simulator), data, first, wish.until));
  TRY(tell_registers(writer, data, choice, wish.until));
  return finish(writer);
}

base::Result<fs::path> ensure_history(const WallData& data, const HistoryWish& wish) {
  TRY_ASSIGN(const fs::path folder, cache_folder());
  std::string ingredients = fmt::format("{}\n{}\n{}\n", kHistoryVersion, wish.seed.value_or(0), wish.months);
  TRY_ASSIGN(const auto content, collect_content(data, wish.profile_name));
  for (const auto& item : content) ingredients += fmt::format("{} {:016x}\n", item.name, base::hash_bytes(item.bytes));
  for (const char* name : {"days.toml", "storm.toml"}) {
    TRY_ASSIGN(const std::string text, base::read_text_file(data.root / "config" / name));
    ingredients += text;
  }
  const std::string name = recording_name("history-" + data.profile.id, ingredients);
  const auto earlier = earlier_history(folder, name, wish.until);
  TRY_ASSIGN(fs::path file, ensure_recording(fmt::format("{}-{}.gwr", name, date_text(wish.until)),
                                             [&](const fs::path& made) -> Status {
                                               if (!earlier) return write_history(made, data, wish);
                                               fs::copy_file(earlier->first, made);
                                               return continue_history(made, data, wish, earlier->second);
                                             }));
  std::error_code ignored;
  if (earlier) fs::remove(earlier->first, ignored);
  return file;
}

}  // namespace gridwall::app
