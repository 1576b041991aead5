#include "state/alert_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/assert.hpp"
#include "base/hash.hpp"

namespace gridwall::state {

using base::UtcTime;
using model::AlertRule;

namespace {

class Hasher {
 public:
  void add(std::string_view bytes) { m_hash = base::hash_bytes(bytes, m_hash + bytes.size()); }
  void add(double number) { add(std::string_view(reinterpret_cast<const char*>(&number), sizeof(number))); }
  void add(base::Vec2d point) {
    add(point.x);
    add(point.y);
  }
  [[nodiscard]] std::uint64_t hash() const { return m_hash; }

 private:
  std::uint64_t m_hash = 0;
};

std::uint64_t likeness_of(const model::AlertFacts& facts) {
  Hasher hasher;
  hasher.add(facts.category);
  hasher.add(facts.name);
  hasher.add(fmt::format("{} {} {} {}", static_cast<int>(facts.status), static_cast<int>(facts.severity),
                         facts.area.polygons_lonlat.size(), facts.area.circles.size()));
  for (const auto& ring : facts.area.polygons_lonlat) {
    hasher.add(static_cast<double>(ring.size()));
    for (const base::Vec2d point : ring) hasher.add(point);
  }
  for (const auto& circle : facts.area.circles) {
    hasher.add(circle.center_lonlat);
    hasher.add(circle.radius_km);
  }
  for (const std::string& code : facts.area.codes) hasher.add(code);
  return hasher.hash();
}

// The later of two; none is for ever.
std::optional<UtcTime> later(std::optional<UtcTime> a, std::optional<UtcTime> b) {
  if (!a || !b) return std::nullopt;
  return std::max(*a, *b);
}

}  // namespace

std::string alert_key(const Alert& alert) {
  return alert.rule == AlertRule::Outside ? alert.subject : fmt::format("{:016x}", alert.id);
}

AlertBook::AlertBook(const model::AlertRules& rules) : m_rules(rules) {}

AlertBook::Rank AlertBook::rank_of(const Alert& alert) {
  const Claim claim = alert.status != model::AlertStatus::Actual ? Claim::Exercise
                      : alert.rule == AlertRule::Outside         ? Claim::Outside
                                                                 : Claim::Derived;
  return {claim, order_of(alert)};
}

// ---- what is listed ----

void AlertBook::count(const Alert& alert, Sign sign) {
  if (!alert.live() || alert.status != model::AlertStatus::Actual) return;
  const std::uint32_t one = sign == Sign::Plus ? 1u : ~0u;
  AlertCounts& counts = m_content.counts[model::alert_rule_index(alert.rule)];
  counts.live += one;
  if (alert.life == AlertLife::New) counts.unacknowledged += one;
  if (alert.shelved) counts.shelved += one;
}

void AlertBook::link(const Alert& alert, Sign sign) {
  const auto in = [sign](auto& index, auto&& key) {
    if (sign == Sign::Plus) {
      index.insert(key);
    } else {
      index.erase(key);
    }
  };
  in(m_ranks, rank_of(alert));
  if (alert.status == model::AlertStatus::Actual) in(m_actual, order_of(alert));
  if (alert.ended_at) in(m_ended, std::pair(*alert.ended_at, alert.id));
  if (alert.live() && alert.expires_at) in(m_expiring, std::pair(*alert.expires_at, alert.id));
  if (alert.live() && alert.rule == AlertRule::Outside) in(m_by_likeness, std::pair(alert.likeness, alert.id));
  for (const std::string& outside_id : alert.outside_ids) {
    if (sign == Sign::Plus) {
      m_by_outside_id.emplace(outside_id, alert.id);
    } else {
      m_by_outside_id.erase(outside_id);
    }
  }
}

template <typename Change>
void AlertBook::edit(Alert& alert, const Change& change) {
  count(alert, Sign::Minus);
  link(alert, Sign::Minus);
  change(alert);
  link(alert, Sign::Plus);
  count(alert, Sign::Plus);
  ++m_version;
}

void AlertBook::put(Alert alert) {
  ++m_version;
  if (make_room(alert)) {
    link(alert, Sign::Plus);
    count(alert, Sign::Plus);
    const std::uint64_t id = alert.id;
    m_content.alerts.emplace(id, std::move(alert));
    return;
  }
  ++m_content.unlisted;
  if (std::get<Claim>(rank_of(alert)) != Claim::Derived) return;
  count(alert, Sign::Plus);
  ++m_content.unlisted_live[model::alert_rule_index(alert.rule)];
}

// False: there is room only for those above it.
bool AlertBook::make_room(const Alert& alert) {
  if (m_content.alerts.size() < m_rules.listed_max) return true;
  if (!m_ended.empty()) {
    take_out(m_ended.begin()->second);
    ++m_content.dropped;
    return true;
  }
  const Rank last = *m_ranks.rbegin();
  if (rank_of(alert) > last) return false;
  Alert& gone = m_content.alerts.at(std::get<std::uint64_t>(std::get<Order>(last)));
  ++m_content.unlisted;
  if (std::get<Claim>(last) == Claim::Derived) {
    // What people did to it goes with it; the counts take it for a new one until it is resolved.
    Alert counted;
    counted.rule = gone.rule;
    count(counted, Sign::Plus);
    ++m_content.unlisted_live[model::alert_rule_index(gone.rule)];
  }
  take_out(gone.id);
  return true;
}

void AlertBook::take_out(std::uint64_t id) {
  const auto found = m_content.alerts.find(id);
  count(found->second, Sign::Minus);
  link(found->second, Sign::Minus);
  m_content.alerts.erase(found);
}

void AlertBook::end(Alert& alert, AlertLife life, UtcTime at) {
  edit(alert, [&](Alert& ending) {
    ending.life = life;
    ending.ended_at = at;
  });
}

// Within edit(): it is as new.
void AlertBook::revive(Alert& alert) {
  alert.life = AlertLife::New;
  alert.ended_at.reset();
  alert.acknowledged.reset();
  alert.shelved.reset();
}

// ---- derived alerts ----

void AlertBook::raise(AlertRule rule, model::DivisionIndex division, std::string subject, UtcTime since,
                      std::int64_t value, std::int64_t threshold) {
  ASSERT(rule != AlertRule::Outside, "raise_outside() is for those of others");
  const std::uint64_t id = model::alert_id(rule, subject, since);
  if (const auto found = m_content.alerts.find(id); found != m_content.alerts.end()) {
    edit(found->second, [&](Alert& again) {
      ++again.count;
      again.value = value;
      again.threshold = threshold;
      if (!again.live()) revive(again);
    });
    return;
  }
  Alert alert;
  alert.id = id;
  alert.rule = rule;
  alert.severity = m_rules.spec(rule).severity;
  alert.division = division;
  alert.subject = std::move(subject);
  alert.since = since;
  alert.value = value;
  alert.threshold = threshold;
  put(std::move(alert));
}

void AlertBook::resolve(AlertRule rule, std::string_view subject, UtcTime since, UtcTime at) {
  const auto found = m_content.alerts.find(model::alert_id(rule, subject, since));
  if (found != m_content.alerts.end()) {
    if (found->second.live()) end(found->second, AlertLife::Resolved, at);
    return;
  }
  std::uint32_t& unlisted = m_content.unlisted_live[model::alert_rule_index(rule)];
  if (unlisted == 0) return;  // it ended before, and had to go
  --unlisted;
  Alert counted;
  counted.rule = rule;
  count(counted, Sign::Minus);
  ++m_version;
}

// ---- alerts of others ----

void AlertBook::raise_outside(const model::AlertFacts& facts, model::DivisionIndex division, UtcTime at) {
  if (Alert* known = find_outside(facts.alert_id)) {
    update(*known, facts, division, at);
    return;
  }
  if (Alert* like = find_like(likeness_of(facts))) {
    edit(*like, [&](Alert& alert) {
      ++alert.count;
      alert.outside_ids.push_back(facts.alert_id);
      alert.expires_at = later(alert.expires_at, facts.expires_at);
    });
    return;
  }
  const std::uint64_t id = model::alert_id(AlertRule::Outside, facts.alert_id, {});
  if (const auto cleared = m_content.alerts.find(id); cleared != m_content.alerts.end()) {
    edit(cleared->second, [&](Alert& alert) { alert.outside_ids.push_back(facts.alert_id); });
    update(cleared->second, facts, division, at);
    return;
  }
  Alert alert;
  alert.id = id;
  alert.subject = facts.alert_id;
  alert.since = facts.onset_at.value_or(facts.effective_at.value_or(at));
  alert.outside_ids = {facts.alert_id};
  alert.severity = facts.severity;
  alert.status = facts.status;
  put(std::move(alert));
  if (Alert* listed = find_outside(facts.alert_id)) {
    update(*listed, facts, division, at);
  }
}

void AlertBook::update(Alert& known, const model::AlertFacts& facts, model::DivisionIndex division, UtcTime at) {
  edit(known, [&](Alert& alert) {
    if (!alert.live()) {
      revive(alert);
      ++alert.count;
    }
    alert.division = division;
    alert.severity = facts.severity;
    alert.status = facts.status;
    alert.category = facts.category;
    alert.name = facts.name;
    alert.headline = facts.headline;
    alert.expires_at = facts.expires_at;
    alert.likeness = likeness_of(facts);
  });
  if (known.expires_at && *known.expires_at <= at) end(known, AlertLife::Expired, *known.expires_at);
}

void AlertBook::clear_outside(std::string_view alert_id, UtcTime at) {
  Alert* known = find_outside(alert_id);
  if (known == nullptr) {
    ++m_content.unknown;
    return;
  }
  edit(*known, [&](Alert& alert) { std::erase(alert.outside_ids, alert_id); });
  if (known->outside_ids.empty() && known->live()) end(*known, AlertLife::Resolved, at);
}

// ---- what people do ----

Alert* AlertBook::find_outside(std::string_view alert_id) {
  const auto found = m_by_outside_id.find(alert_id);
  return found == m_by_outside_id.end() ? nullptr : &m_content.alerts.at(found->second);
}

Alert* AlertBook::find_like(std::uint64_t likeness) {
  const auto found = m_by_likeness.lower_bound({likeness, 0});
  if (found == m_by_likeness.end() || found->first != likeness) return nullptr;
  return &m_content.alerts.at(found->second);
}

Alert* AlertBook::find_live(std::string_view key) {
  Alert* found = find_outside(key);
  constexpr std::size_t kDigits = 16;
  if (found == nullptr && key.size() == kDigits) {
    std::uint64_t id = 0;
    const auto read = std::from_chars(key.data(), key.data() + key.size(), id, 16);
    const auto listed = m_content.alerts.find(id);
    if (read.ptr == key.data() + key.size() && listed != m_content.alerts.end()) found = &listed->second;
  }
  if (found != nullptr && found->live()) return found;
  ++m_content.unknown;
  return nullptr;
}

bool AlertBook::acknowledge(std::string_view key, AlertHandling by) {
  Alert* alert = find_live(key);
  if (alert == nullptr) return false;
  if (alert->acknowledged) return true;
  edit(*alert, [&](Alert& seen) {
    seen.life = AlertLife::Acknowledged;
    seen.acknowledged = std::move(by);
  });
  return true;
}

bool AlertBook::shelve(std::string_view key, AlertHandling by) {
  Alert* alert = find_live(key);
  if (alert == nullptr) return false;
  edit(*alert, [&](Alert& seen) { seen.shelved = std::move(by); });
  return true;
}

bool AlertBook::unshelve(std::string_view key) {
  Alert* alert = find_live(key);
  if (alert == nullptr) return false;
  edit(*alert, [](Alert& seen) { seen.shelved.reset(); });
  return true;
}

// ---- time ----

void AlertBook::advance_to(UtcTime state_time) {
  while (!m_expiring.empty() && m_expiring.begin()->first <= state_time) {
    const auto [due, id] = *m_expiring.begin();
    end(m_content.alerts.at(id), AlertLife::Expired, due);
  }
}

std::optional<UtcTime> AlertBook::next_due() const {
  if (m_expiring.empty()) return std::nullopt;
  return m_expiring.begin()->first;
}

// ---- reading ----

const AlertCounts& AlertBook::counts(AlertRule rule) const {
  return m_content.counts[model::alert_rule_index(rule)];
}

AlertCounts AlertBook::counts() const {
  AlertCounts all;
  for (const AlertCounts& one : m_content.counts) {
    all.live += one.live;
    all.unacknowledged += one.unacknowledged;
    all.shelved += one.shelved;
  }
  return all;
}

bool AlertBook::outside_live(std::string_view category, model::Severity at_least) const {
  return std::any_of(m_by_likeness.begin(), m_by_likeness.end(), [&](const auto& entry) {
    const Alert& alert = m_content.alerts.at(entry.second);
    return alert.status == model::AlertStatus::Actual && alert.category == category && alert.severity <= at_least;
  });
}

const Alert* AlertBook::find(std::uint64_t id) const {
  const auto found = m_content.alerts.find(id);
  return found == m_content.alerts.end() ? nullptr : &found->second;
}

std::vector<const Alert*> AlertBook::list() const {
  std::vector<const Alert*> listed;
  listed.reserve(m_actual.size());
  for (const Order& order : m_actual) listed.push_back(find(std::get<std::uint64_t>(order)));
  return listed;
}

std::vector<const Alert*> AlertBook::exercises() const {
  std::vector<const Alert*> listed;
  for (auto rank = m_ranks.rbegin(); rank != m_ranks.rend() && std::get<Claim>(*rank) == Claim::Exercise; ++rank) {
    listed.push_back(find(std::get<std::uint64_t>(std::get<Order>(*rank))));
  }
  std::reverse(listed.begin(), listed.end());
  return listed;
}

void AlertBook::clear() {
  restore({});
}

void AlertBook::restore(Content content) {
  m_content = std::move(content);
  m_actual.clear();
  m_ranks.clear();
  m_ended.clear();
  m_expiring.clear();
  m_by_outside_id.clear();
  m_by_likeness.clear();
  m_content.counts = {};
  for (const auto& [id, alert] : m_content.alerts) {
    link(alert, Sign::Plus);
    count(alert, Sign::Plus);
  }
  for (std::size_t i = 0; i < model::kAlertRuleCount; ++i) {
    m_content.counts[i].live += m_content.unlisted_live[i];
    m_content.counts[i].unacknowledged += m_content.unlisted_live[i];
  }
  ++m_version;
}

}  // namespace gridwall::state
