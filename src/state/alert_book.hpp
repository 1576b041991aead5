// AlertBook: the one list of alerts, derived ones and those of others (alert.raised), with what people did about them.
// Life: new -> acknowledged -> resolved (its cause is gone, or its issuer cleared it) or expired (its time was over).
// Nothing disappears in silence: what ended stays in the list until room is needed, then the one that ended first goes,
// counted. When all the room is taken by live ones, exercises give way first, then derived ones (which stay in the
// counts), then those of others, always the last of the order. Exercises and tests are listed apart and are in no
// count. Expiry goes by state time.
//
// Keyframe: the book holds what people did, which no case knows: content() and restore() carry all of it.
// Test: tests/unit/state/alert_book_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/alert_rules.hpp"
#include "model/event.hpp"

namespace gridwall::state {

enum class AlertLife : std::uint8_t { New, Acknowledged, Resolved, Expired };

// Who at which desk, and when.
struct AlertHandling {
  std::string seat;
  base::UtcTime at{};
  bool operator==(const AlertHandling&) const = default;
};

struct Alert {
  std::uint64_t id = 0;  // model::alert_id(rule, subject, since); of an outside alert without the time: updates keep it
  model::AlertRule rule = model::AlertRule::Outside;
  model::Severity severity = model::Severity::Minor;
  model::DivisionIndex division;
  std::string subject;  // incident id, division code (and big class: "320281001/E05"), outside alert id
  base::UtcTime since{};
  std::int64_t value = 0, threshold = 0;  // as the rule says; 0 where it has none
  AlertLife life = AlertLife::New;
  std::optional<base::UtcTime> ended_at{};
  std::optional<AlertHandling> acknowledged{}, shelved{};
  std::uint32_t count = 1;  // so many were folded into this one
  // Of outside alerts.
  model::AlertStatus status = model::AlertStatus::Actual;
  std::string category{}, name{}, headline{};
  std::optional<base::UtcTime> expires_at{};
  std::vector<std::string> outside_ids{};  // all ids that were folded into it and are not cleared yet
  std::uint64_t likeness = 0;              // two outside alerts with the same one say the same

  [[nodiscard]] bool live() const { return life <= AlertLife::Acknowledged; }
  bool operator==(const Alert&) const = default;
};
// What an event calls an alert by: the outside alert's id, else its number as 16 hexadecimal digits.
std::string alert_key(const Alert& alert);

struct AlertCounts {
  std::uint32_t live = 0, unacknowledged = 0, shelved = 0;  // the last two are of `live`
  bool operator==(const AlertCounts&) const = default;
};

// One thread. A copy is independent.
class AlertBook {
 public:
  explicit AlertBook(const model::AlertRules& rules);

  // A derived alert begins. The same one once more while it lives: folded, counted. After it ended: lives again.
  void raise(model::AlertRule rule, model::DivisionIndex division, std::string subject, base::UtcTime since,
             std::int64_t value = 0, std::int64_t threshold = 0);
  // Its cause is gone. The arguments of raise().
  void resolve(model::AlertRule rule, std::string_view subject, base::UtcTime since, base::UtcTime at);

  // alert.raised: new, an update of the same id, or a copy under another id (same status, category, name, severity and
  // area as a live one), which is folded. One that has expired already is listed as expired.
  void raise_outside(const model::AlertFacts& facts, model::DivisionIndex division, base::UtcTime at);
  // alert.cleared. A folded alert is resolved when all its ids are.
  void clear_outside(std::string_view alert_id, base::UtcTime at);

  // alert.acknowledged, shelved, unshelved, by alert_key(). False: no such live alert (counted). The first desk that
  // acknowledges stays the one who did.
  bool acknowledge(std::string_view key, AlertHandling by);
  bool shelve(std::string_view key, AlertHandling by);
  bool unshelve(std::string_view key);

  // Outside alerts whose time is over, at their own times.
  void advance_to(base::UtcTime state_time);
  [[nodiscard]] std::optional<base::UtcTime> next_due() const;

  // Of actual alerts, whether listed or not.
  [[nodiscard]] const AlertCounts& counts(model::AlertRule rule) const;
  [[nodiscard]] AlertCounts counts() const;
  // An actual live outside alert of the category at that severity or above.
  [[nodiscard]] bool outside_live(std::string_view category, model::Severity at_least) const;
  [[nodiscard]] const Alert* find(std::uint64_t id) const;
  // In the order of (severity, since, id). Pointers hold until the next change.
  [[nodiscard]] std::vector<const Alert*> list() const;
  [[nodiscard]] std::vector<const Alert*> exercises() const;                       // exercises and tests, the same way
  [[nodiscard]] std::uint64_t version() const { return m_version; }                // grows with each change
  [[nodiscard]] std::uint64_t dropped_count() const { return m_content.dropped; }  // ended ones that had to go
  [[nodiscard]] std::uint64_t unlisted_count() const { return m_content.unlisted; }  // live ones without room
  [[nodiscard]] std::uint64_t unknown_count() const { return m_content.unknown; }  // acts on an alert that is not there
  void clear();

  struct Content {
    std::map<std::uint64_t, Alert> alerts;
    std::array<AlertCounts, model::kAlertRuleCount> counts{};
    std::array<std::uint32_t, model::kAlertRuleCount> unlisted_live{};  // in counts, not in alerts
    std::uint64_t dropped = 0, unlisted = 0, unknown = 0;
    bool operator==(const Content&) const = default;
  };
  [[nodiscard]] const Content& content() const { return m_content; }
  // The counts follow from the rest.
  void restore(Content content);

 private:
  using Order = std::tuple<model::Severity, base::UtcTime, std::uint64_t>;
  enum class Claim : std::uint8_t { Outside, Derived, Exercise };  // to room: the last gives way first
  using Rank = std::tuple<Claim, Order>;
  enum class Sign { Plus, Minus };
  static Order order_of(const Alert& alert) { return {alert.severity, alert.since, alert.id}; }
  static Rank rank_of(const Alert& alert);
  void count(const Alert& alert, Sign sign);
  void link(const Alert& alert, Sign sign);
  void put(Alert alert);
  [[nodiscard]] bool make_room(const Alert& alert);
  void take_out(std::uint64_t id);
  // Takes the alert out of all indices and counts, lets `change` at it, and puts it back.
  template <typename Change>
  void edit(Alert& alert, const Change& change);
  void end(Alert& alert, AlertLife life, base::UtcTime at);
  void update(Alert& alert, const model::AlertFacts& facts, model::DivisionIndex division, base::UtcTime at);
  void revive(Alert& alert);
  [[nodiscard]] Alert* find_live(std::string_view key);
  [[nodiscard]] Alert* find_outside(std::string_view alert_id);
  [[nodiscard]] Alert* find_like(std::uint64_t likeness);

  model::AlertRules m_rules;
  Content m_content;
  // Indices over the content.
  std::set<Order> m_actual;  // listed and not an exercise
  std::set<Rank> m_ranks;    // all that is listed
  std::set<std::pair<base::UtcTime, std::uint64_t>> m_ended, m_expiring;
  std::map<std::string, std::uint64_t, std::less<>> m_by_outside_id;
  std::set<std::pair<std::uint64_t, std::uint64_t>> m_by_likeness;  // live outside alerts
  std::uint64_t m_version = 0;
};

}  // namespace gridwall::state
