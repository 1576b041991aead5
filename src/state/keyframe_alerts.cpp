#include "state/keyframe_alerts.hpp"

#include <algorithm>
#include <limits>

namespace gridwall::state {

using base::UtcTime;
using model::AlertRule;
using model::DivisionIndex;

namespace {

constexpr std::size_t kTextBytesMax = 64 * 1024;  // a headline
constexpr std::size_t kAlertBytesMin = 60;
constexpr std::int32_t kNeverBusy = std::numeric_limits<std::int32_t>::min();

std::int64_t minute_of(UtcTime time) {
  return std::chrono::floor<std::chrono::minutes>(time.time_since_epoch()).count();
}

void put_moment(ByteWriter& out, const std::optional<UtcTime>& moment) {
  out.put(static_cast<std::uint8_t>(moment.has_value()));
  if (moment) out.put(*moment);
}
std::optional<UtcTime> take_moment(ByteReader& in) {
  if (!in.take_truth()) return std::nullopt;
  return in.take_time();
}

void put_handling(ByteWriter& out, const std::optional<AlertHandling>& handling) {
  out.put(static_cast<std::uint8_t>(handling.has_value()));
  if (!handling) return;
  out.put_text(handling->seat);
  out.put(handling->at);
}
std::optional<AlertHandling> take_handling(ByteReader& in) {
  if (!in.take_truth()) return std::nullopt;
  AlertHandling handling;
  handling.seat = in.take_text(kTextBytesMax);
  handling.at = in.take_time();
  return handling;
}

// A list whose length is known when it is written only.
template <typename Items, typename Wanted, typename Put>
void put_some(ByteWriter& out, const Items& items, const Wanted& wanted, const Put& put) {
  out.put(static_cast<std::uint32_t>(std::count_if(items.begin(), items.end(), wanted)));
  for (const auto& item : items) {
    if (wanted(item)) put(item);
  }
}

template <typename Take>
void take_all(ByteReader& in, std::size_t item_bytes, const Take& take) {
  const std::uint32_t count = in.take_count(item_bytes);
  for (std::uint32_t i = 0; i < count && !in.bad(); ++i) take();
}

// An enumeration whose values go from `first` to `last`.
template <typename Enum>
Enum take_enum(ByteReader& in, Enum first, Enum last) {
  const auto value = in.take<std::uint8_t>();
  if (value < static_cast<std::uint8_t>(first) || value > static_cast<std::uint8_t>(last)) in.fail();
  return in.bad() ? first : static_cast<Enum>(value);
}

bool belongs_to_divisions(AlertRule rule) {
  return rule >= AlertRule::OvertimeShare && rule <= AlertRule::StormMode && rule != AlertRule::Burst;
}

void put_alert(ByteWriter& out, const Alert& alert) {
  out.put(alert.id);
  out.put(alert.rule);
  out.put(alert.severity);
  out.put(alert.division.value);
  out.put_text(alert.subject);
  out.put(alert.since);
  out.put(alert.value);
  out.put(alert.threshold);
  out.put(alert.life);
  put_moment(out, alert.ended_at);
  put_handling(out, alert.acknowledged);
  put_handling(out, alert.shelved);
  out.put(alert.count);
  out.put(alert.status);
  for (const std::string* text : {&alert.category, &alert.name, &alert.headline}) out.put_text(*text);
  put_moment(out, alert.expires_at);
  out.put(static_cast<std::uint32_t>(alert.outside_ids.size()));
  for (const std::string& id : alert.outside_ids) out.put_text(id);
  out.put(alert.likeness);
}

}  // namespace

// ---- writing ----

AlertEncoder::AlertEncoder(const AlertDesk& desk, const model::DivisionTree& tree, UtcTime state_time)
    : m_desk(desk), m_tree(tree), m_state_time(state_time) {}

void AlertEncoder::put_head(ByteWriter& out) const {
  const auto& divisions = m_desk.divisions().content();
  const auto& bursts = m_desk.bursts().content();
  put_moment(out, divisions.begun_at);
  put_moment(out, divisions.swept_to);
  out.put(static_cast<std::uint8_t>(bursts.begun_minute.has_value()));
  if (bursts.begun_minute) out.put(*bursts.begun_minute);
  const auto& book = m_desk.book().content();
  for (const std::uint64_t count : {book.dropped, book.unlisted, book.unknown}) out.put(count);
  const Symbols& big_classes = m_desk.big_classes();
  out.put(static_cast<std::uint32_t>(big_classes.count()));
  for (std::size_t i = 0; i < big_classes.count(); ++i) out.put_text(big_classes.text(static_cast<Symbol>(i)));
}

void AlertEncoder::put_part(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const {
  m_is_here.assign(m_tree.divisions().size(), false);
  for (const std::uint32_t division : divisions) m_is_here[division] = true;
  put_divisions(out, divisions);
  put_bursts(out, divisions);
  put_episodes(out);
  put_book(out);
}

void AlertEncoder::put_divisions(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const {
  const auto& content = m_desk.divisions().content();
  const auto here = [&](std::uint32_t division) { return m_is_here[division]; };
  const bool begun = content.begun_at.has_value();
  put_some(
      out, divisions, [&](std::uint32_t division) { return begun && m_tree.at({division}).children.size() == 0; },
      [&](std::uint32_t division) {
        out.put(division);
        out.put(content.last_report[division]);
      });
  put_some(
      out, divisions, [&](std::uint32_t division) { return content.last_busy_day[division] != kNeverBusy; },
      [&](std::uint32_t division) {
        out.put(division);
        out.put(content.last_busy_day[division]);
      });
  for (const auto* list : {&content.touched, &content.reported_in_day}) {
    put_some(out, *list, here, [&](std::uint32_t division) { out.put(division); });
  }
  put_some(
      out, content.woken, [&](const auto& woken) { return here(woken.first); },
      [&](const auto& woken) {
        out.put(woken.first);
        out.put(woken.second);
      });
  put_some(
      out, content.storm, [&](const DivisionWatch::StormCase& one) { return here(one.division); },
      [&](const DivisionWatch::StormCase& one) {
        out.put(one.division);
        out.put(one.class_place);
        out.put(one.heard_at);
      });
}

// What a division has beside its children's, of the days that still count.
std::vector<BurstWatch::Quarter> AlertEncoder::own_quarters(std::uint32_t division) const {
  struct Sum {
    std::int32_t index;
    std::uint16_t big_class;
    std::int64_t count;
  };
  const std::int32_t oldest = m_desk.bursts().oldest_quarter(m_state_time);
  std::vector<Sum> sums;
  const auto add = [&](std::uint32_t at, std::int64_t sign) {
    for (const BurstWatch::Quarter& one : m_desk.bursts().content().quarters[at]) {
      if (one.index >= oldest) sums.push_back({one.index, one.big_class, sign * one.count});
    }
  };
  add(division, 1);
  const model::Range children = m_tree.at({division}).children;
  for (std::uint32_t child = children.begin; child < children.end; ++child) add(child, -1);
  std::sort(sums.begin(), sums.end(), [](const Sum& a, const Sum& b) {
    return std::pair(a.index, a.big_class) < std::pair(b.index, b.big_class);
  });
  std::vector<BurstWatch::Quarter> own;
  for (std::size_t i = 0; i < sums.size();) {
    const Sum& first = sums[i];
    std::int64_t count = 0;
    for (; i < sums.size() && sums[i].index == first.index && sums[i].big_class == first.big_class; ++i) {
      count += sums[i].count;
    }
    constexpr std::int64_t kFull = 0xffff;
    for (; count > 0; count -= kFull) {
      own.push_back({first.index, first.big_class, static_cast<std::uint16_t>(std::min(count, kFull))});
    }
  }
  return own;
}

void AlertEncoder::put_bursts(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const {
  const auto& content = m_desk.bursts().content();
  for (const std::uint32_t division : divisions) {
    if (content.quarters[division].empty()) continue;  // (its children's too, then)
    const auto own = own_quarters(division);
    if (own.empty()) continue;
    out.put(division);
    out.put(static_cast<std::uint32_t>(own.size()));
    for (const BurstWatch::Quarter& one : own) {
      out.put(one.index);
      out.put(one.big_class);
      out.put(one.count);
    }
  }
  out.put(DivisionIndex::none().value);
  put_some(
      out, content.recent, [&](const BurstWatch::Recent& one) { return here(one.key.division); },
      [&](const BurstWatch::Recent& one) {
        out.put(one.minute);
        out.put(one.key.division.value);
        out.put(one.key.big_class);
      });
}

void AlertEncoder::put_episodes(ByteWriter& out) const {
  const auto put = [&](const auto& episode, std::int64_t value) {
    out.put(episode.since);
    out.put(value);
    out.put(episode.threshold);
  };
  const auto is_here = [&](const auto& entry) { return here(entry.first.division); };
  put_some(out, m_desk.bursts().active(), is_here, [&](const auto& entry) {
    out.put(entry.first.division.value);
    out.put(entry.first.big_class);
    put(entry.second, entry.second.count);
  });
  put_some(out, m_desk.divisions().active(), is_here, [&](const auto& entry) {
    out.put(entry.first.division.value);
    out.put(entry.first.rule);
    put(entry.second, entry.second.value);
  });
}

void AlertEncoder::put_book(ByteWriter& out) const {
  const auto& content = m_desk.book().content();
  put_some(
      out, content.alerts, [&](const auto& entry) { return here(entry.second.division); },
      [&](const auto& entry) { put_alert(out, entry.second); });
  // Whose those were that found no room nobody knows: the root's.
  for (const std::uint32_t count : content.unlisted_live) out.put(here(m_tree.root()) ? count : 0u);
}

// ---- reading ----

DivisionIndex AlertDecoder::take_division(ByteReader& in) const {
  const auto division = in.take<std::uint32_t>();
  if (division >= m_tree.divisions().size()) in.fail();
  return {in.bad() ? 0 : division};
}

UtcTime AlertDecoder::take_past(ByteReader& in) const {
  const UtcTime at = in.take_time();
  if (at < UtcTime{} || at > m_state_time) in.fail();
  return in.bad() ? UtcTime{} : at;
}

std::uint16_t AlertDecoder::take_big_class(ByteReader& in, bool or_all) const {
  const auto big_class = in.take<std::uint16_t>();
  if (big_class >= m_content.big_classes.size() && !(or_all && big_class == kAllBigClasses)) in.fail();
  return big_class;
}

void AlertDecoder::take_head(ByteReader& in, UtcTime state_time) {
  m_state_time = state_time;
  auto& divisions = m_content.divisions;
  divisions.begun_at = take_moment(in);
  divisions.swept_to = take_moment(in);
  const bool begun = divisions.begun_at.has_value();
  if (begun != divisions.swept_to.has_value()) in.fail();
  // A watch comes to each midnight: it is never far behind.
  constexpr auto kBehindMax = std::chrono::days(3);
  if (begun && !in.bad()) {
    const bool in_order = UtcTime{} <= *divisions.begun_at && *divisions.begun_at <= *divisions.swept_to &&
                          *divisions.swept_to <= state_time && state_time - *divisions.swept_to <= kBehindMax;
    if (!in_order) in.fail();
  }
  auto& bursts = m_content.bursts;
  if (in.take_truth()) {
    bursts.begun_minute = in.take<std::int64_t>();
    if (*bursts.begun_minute < 0 || *bursts.begun_minute > minute_of(state_time) + 1) in.fail();
  }
  bursts.swept_minute = minute_of(state_time);
  for (auto* count : {&m_content.book.dropped, &m_content.book.unlisted, &m_content.book.unknown}) {
    *count = in.take<std::uint64_t>();
  }
  take_all(in, sizeof(std::uint32_t), [&] { m_content.big_classes.emplace_back(in.take_text(kTextBytesMax)); });
  if (m_content.big_classes.size() > kSymbolsMax) in.fail();
}

void AlertDecoder::take_part(ByteReader& in) {
  take_divisions(in);
  take_bursts(in);
  take_episodes(in);
  take_book(in);
}

void AlertDecoder::take_divisions(ByteReader& in) {
  auto& content = m_content.divisions;
  take_all(in, 12, [&] {
    const DivisionIndex division = take_division(in);
    m_last_reports.push_back({division, take_past(in)});
    if (m_tree.at(division).children.size() != 0) in.fail();
  });
  take_all(in, 8, [&] {
    const DivisionIndex division = take_division(in);
    m_busy_days.emplace_back(division, in.take<std::int32_t>());
  });
  for (auto* list : {&content.touched, &content.reported_in_day}) {
    take_all(in, 4, [&] { list->push_back(take_division(in).value); });
  }
  take_all(in, 12, [&] {
    const DivisionIndex division = take_division(in);
    content.woken.emplace_back(division.value, take_past(in));
    if (m_tree.at(division).children.size() != 0) in.fail();
  });
  take_all(in, 14, [&] {
    DivisionWatch::StormCase one;
    one.division = take_division(in).value;
    one.class_place = in.take<std::uint16_t>();
    one.heard_at = take_past(in);
    // (The rules may have changed since.)
    if (one.class_place < m_rules.storm.class_codes.size()) content.storm.push_back(one);
  });
}

void AlertDecoder::take_bursts(ByteReader& in) {
  while (true) {
    const auto division = in.take<std::uint32_t>();
    if (in.bad() || division == DivisionIndex::none().value) break;
    if (division >= m_tree.divisions().size()) in.fail();
    take_all(in, 8, [&] {
      BurstWatch::Quarter one;
      one.index = in.take<std::int32_t>();
      one.big_class = take_big_class(in, false);
      one.count = in.take<std::uint16_t>();
      m_quarters.push_back({{division}, one});
    });
  }
  take_all(in, 14, [&] {
    BurstWatch::Recent one;
    one.minute = in.take<std::int64_t>();
    one.key.division = take_division(in);
    one.key.big_class = take_big_class(in, false);
    const std::int64_t now = minute_of(m_state_time);
    if (one.minute > now || one.minute < now - BurstWatch::kWindowMinutes) in.fail();
    m_content.bursts.recent.push_back(one);
  });
}

void AlertDecoder::take_episodes(ByteReader& in) {
  const auto take = [&](auto& episode, std::int64_t& value) {
    episode.since = in.take_time();
    value = in.take<std::int64_t>();
    episode.threshold = in.take<std::int64_t>();
  };
  take_all(in, 30, [&] {
    BurstKey key{take_division(in), take_big_class(in, true)};
    BurstEpisode episode;
    take(episode, episode.count);
    m_content.burst_episodes.emplace(key, episode);
  });
  take_all(in, 29, [&] {
    DivisionAlertKey key;
    key.division = take_division(in);
    key.rule = take_enum(in, AlertRule::OvertimeShare, AlertRule::StormMode);
    if (!belongs_to_divisions(key.rule)) in.fail();
    DivisionEpisode episode;
    take(episode, episode.value);
    m_content.divisions.active.emplace(key, episode);
  });
}

Alert AlertDecoder::take_alert(ByteReader& in) {
  Alert alert;
  alert.id = in.take<std::uint64_t>();
  alert.rule = take_enum(in, AlertRule::NearDeadline, AlertRule::Outside);
  alert.severity = take_enum(in, model::Severity::Critical, model::Severity::Minor);
  alert.division = {in.take<std::uint32_t>()};
  alert.subject = in.take_text(kTextBytesMax);
  alert.since = in.take_time();
  alert.value = in.take<std::int64_t>();
  alert.threshold = in.take<std::int64_t>();
  alert.life = take_enum(in, AlertLife::New, AlertLife::Expired);
  alert.ended_at = take_moment(in);
  alert.acknowledged = take_handling(in);
  alert.shelved = take_handling(in);
  alert.count = in.take<std::uint32_t>();
  alert.status = take_enum(in, model::AlertStatus::Actual, model::AlertStatus::Test);
  for (std::string* text : {&alert.category, &alert.name, &alert.headline}) *text = in.take_text(kTextBytesMax);
  alert.expires_at = take_moment(in);
  take_all(in, 4, [&] { alert.outside_ids.emplace_back(in.take_text(kTextBytesMax)); });
  alert.likeness = in.take<std::uint64_t>();
  if (alert.live() == alert.ended_at.has_value()) in.fail();
  return alert;
}

void AlertDecoder::take_book(ByteReader& in) {
  take_all(in, kAlertBytesMin, [&] {
    Alert alert = take_alert(in);
    if (alert.division.value >= m_tree.divisions().size()) in.fail();
    const std::uint64_t id = alert.id;
    if (!in.bad()) m_content.book.alerts.emplace(id, std::move(alert));
  });
  if (m_content.book.alerts.size() > m_rules.listed_max) in.fail();
  for (std::uint32_t& count : m_content.book.unlisted_live) {
    const auto more = in.take<std::uint32_t>();
    if (more > std::numeric_limits<std::uint32_t>::max() / 2 - count) in.fail();
    count += more;
  }
}

// ---- putting back ----

// A division that no part told of is as if it had just reported: nobody knows better.
void AlertDecoder::restore_divisions(DivisionWatch::Content& content) const {
  const std::size_t count = m_tree.divisions().size();
  content.last_report.assign(count, content.begun_at ? m_state_time : UtcTime{});
  content.last_busy_day.assign(count, kNeverBusy);
  for (const auto& [division, at] : m_last_reports) content.last_report[division.value] = at;
  for (const auto& [division, day] : m_busy_days) content.last_busy_day[division.value] = day;
  std::stable_sort(content.storm.begin(), content.storm.end(),
                   [](const auto& a, const auto& b) { return a.heard_at < b.heard_at; });
  std::stable_sort(content.woken.begin(), content.woken.end(),
                   [](const auto& a, const auto& b) { return a.second < b.second; });
}

void AlertDecoder::restore_bursts(BurstWatch::Content& content) {
  std::stable_sort(content.recent.begin(), content.recent.end(),
                   [](const auto& a, const auto& b) { return a.minute < b.minute; });
  std::stable_sort(m_quarters.begin(), m_quarters.end(),
                   [](const OwnQuarter& a, const OwnQuarter& b) { return a.quarter.index < b.quarter.index; });
  content.quarters.resize(m_tree.divisions().size());
  for (const auto& [division, quarter] : m_quarters) {
    for (DivisionIndex at = division; at.valid(); at = m_tree.at(at).parent) {
      BurstWatch::add_quarter(content.quarters[at.value], quarter);
    }
  }
}

void AlertDecoder::restore(AlertDesk& desk) {
  restore_divisions(m_content.divisions);
  restore_bursts(m_content.bursts);
  desk.restore(std::move(m_content));
}

}  // namespace gridwall::state
