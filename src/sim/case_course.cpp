#include "sim/case_course.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"
#include "sim/case_clock.hpp"
#include "sim/step_reasons.hpp"

namespace gridwall::sim {

namespace {

using base::UtcTime;
using model::CaseState;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

// A crew that handles small things goes home at 22 and begins at 7; what runs on in the night is done in the night.
constexpr hours kCrewBegin{7}, kCrewEnd{22};
// Nothing waits longer than this for one step, so that a course has an end.
constexpr hours kHandlingMax{96};
constexpr double kDelayMaxMin = 60 * 36;

// Shares of all cases that reach the place of the draw.
constexpr double kSelfHandledShare = 0.025;  // of those that collectors report
constexpr double kVerifiedShare = 0.08, kRejectedShare = 0.007, kCancelledShare = 0.004;
constexpr double kWrongDepartmentShare = 0.033, kWrongAgainShare = 0.12;
constexpr double kExtensionShare = 0.0166, kApprovedShare = 0.78;
constexpr double kSuspensionShare = 0.011, kForceClosedShare = 0.0012, kWithdrawnShare = 0.0008;
constexpr double kLateShare = 0.018;  // of those whose limit ends within kLateWithin
constexpr hours kLateWithin{72};
constexpr double kOfficeShare = 0.66;
constexpr double kSentBackShare = 0.0008, kReworkShare = 0.0012, kReopenedShare = 0.0015;
constexpr double kEvaluatedShare = 0.4, kFollowUpShare = 0.03, kPublicFollowUpShare = 0.35;

milliseconds minutes_of(double minutes) {
  return milliseconds(static_cast<std::int64_t>(60'000 * minutes));
}
// Whole milliseconds: what a source's stamp holds, and enough to keep the order.
UtcTime whole(UtcTime at) {
  return std::chrono::floor<milliseconds>(at);
}

class Course {
 public:
  Course(base::Random random, const CourseSubject& subject, const CourseGround& ground)
      : m_random(random),
        m_subject(subject),
        m_table(*ground.table),
        m_zone(ground.zone),
        m_clock(subject.limit, ground.calendar),
        m_now(subject.reported_at),
        m_night_crew(subject.severity <= model::Severity::Major || m_clock.runs_on()) {
    ASSERT(!subject.departments.empty(), "a department for the class");
    m_steps.push_back({StepKind::Reported, m_now});
  }

  std::vector<CourseStep> draw() {
    if (m_table.is_short()) {
      draw_short();
    } else if (m_subject.is_duplicate) {
      draw_duplicate();
    } else if (file() && dispatch() && handle()) {
      check_and_close();
      follow_closing();
    }
    return std::move(m_steps);
  }

 private:
  bool chance(double probability) { return m_random.next_unit() < probability; }
  double exponential(double mean_min) { return m_random.next_exponential(mean_min); }
  double lognormal(double median_min, double sigma) { return median_min * std::exp(sigma * m_random.next_normal()); }
  double between(double low, double high) { return m_random.next_between(low, high); }
  [[nodiscard]] bool may(StepKind kind) const { return m_table.leads_from(kind, m_state); }

  std::string_view draw_reason(StepKind kind) {
    const auto words = step_reasons(kind);
    if (!words.empty()) return words[m_random.next_below(words.size())];
    return m_table.reason_required(kind) ? kOtherReason : std::string_view{};
  }

  CourseStep& step_at(StepKind kind, UtcTime at) {
    m_now = std::max(whole(at), m_now + milliseconds(1));
    m_state = m_table.after(kind, m_state);
    CourseStep step{kind, m_now, m_state};
    step.reason = draw_reason(kind);
    step.department = m_department;
    step.solved_level = m_solved_level;
    m_steps.push_back(step);
    return m_steps.back();
  }
  CourseStep& after(double delay_min, StepKind kind) {
    return step_at(kind, m_now + minutes_of(std::min(delay_min, kDelayMaxMin)));
  }
  CourseStep& after_in_crew_hours(double delay_min, StepKind kind) {
    return step_at(kind, in_crew_hours(m_now + minutes_of(std::min(delay_min, kDelayMaxMin))));
  }
  UtcTime in_crew_hours(UtcTime at) {
    const base::LocalInstant local = m_zone.to_local(at);
    base::LocalDays day = std::chrono::floor<days>(local);
    if (m_night_crew || (local - day >= kCrewBegin && local - day < kCrewEnd)) return at;
    if (local - day >= kCrewEnd) day += days(1);
    return m_zone.from_local(base::LocalInstant(day) + kCrewBegin).utc + minutes_of(std::min(exponential(40), 180.0));
  }

  // --- up to filing ---

  // False when it ends here.
  bool file() {
    if (!m_subject.by_public && may(StepKind::SelfHandled) && chance(kSelfHandledShare)) {
      m_solved_level = m_subject.leaf_level;
      after(4 + exponential(8), StepKind::SelfHandled);
      return false;
    }
    if (chance(kVerifiedShare)) verify();
    if (chance(kRejectedShare)) {
      after(1 + exponential(8), StepKind::Rejected);
      return false;
    }
    if (may(StepKind::Accepted)) after(0.5 + exponential(3.5), StepKind::Accepted);
    after(1 + exponential(3), StepKind::Filed);
    if (!chance(kCancelledShare)) return true;
    after(5 + exponential(20), StepKind::Cancelled);
    return false;
  }
  void verify() {
    after(1 + exponential(3), StepKind::VerifyRequested);
    after_in_crew_hours(6 + exponential(8), StepKind::Verified);
  }

  void draw_duplicate() {
    if (chance(0.5) && may(StepKind::Accepted)) after(0.5 + exponential(4), StepKind::Accepted);
    after(1 + exponential(4), StepKind::MarkedDuplicate);
    CourseStep& end = after(1 + exponential(4), chance(0.6) ? StepKind::Rejected : StepKind::Cancelled);
    end.reason = "duplicate";
  }

  // --- who handles it ---

  // False when nobody does.
  bool dispatch() {
    if (chance(0.002) && !send_to_acceptor()) return false;
    int return_count = 0;
    while (return_count < 3 && chance(return_count == 0 ? kWrongDepartmentShare : kWrongAgainShare)) {
      dispatch_to(wrong_department());
      if (chance(0.25)) after_in_crew_hours(5 + exponential(6), StepKind::HandlingStarted);
      after_in_crew_hours(6 + exponential(10), StepKind::Returned);
      ++return_count;
      if (chance(0.12) && !send_to_acceptor()) return false;
    }
    dispatch_to(right_department());
    return true;
  }
  bool send_to_acceptor() {
    after(2 + exponential(6), StepKind::ReturnedToAcceptor);
    const bool dropped = chance(0.15);
    after(3 + exponential(8), dropped ? StepKind::Rejected : StepKind::Filed);
    return !dropped;
  }
  void dispatch_to(std::uint16_t department) {
    m_department = department;
    after(1 + exponential(3), StepKind::Dispatched);
    m_dispatched_at = m_now;
    if (!m_clock.started()) m_clock.start(m_now);
  }
  std::uint16_t right_department() {
    const auto& own = m_subject.departments;
    return own.size() == 1 || chance(0.75) ? own.front() : own[1 + m_random.next_below(own.size() - 1)];
  }
  // Any other than the usual one.
  std::uint16_t wrong_department() {
    const std::uint64_t count = m_subject.department_count;
    const std::uint64_t chosen =
        m_subject.departments.front() + 1u + m_random.next_below(std::max<std::uint64_t>(1, count - 1));
    return static_cast<std::uint16_t>(chosen % count);
  }

  // --- handling ---

  // False when it ends before it is handled.
  bool handle() {
    after_in_crew_hours(lognormal(11, 0.6), StepKind::HandlingStarted);
    double branch = m_random.next_unit();
    const auto falls_in = [&](double share) { return (branch -= share) < 0; };
    // Who asks for more time asks before the old one is over.
    const bool may_extend = m_clock.left_at(m_now) > std::chrono::minutes(30);
    if (may_extend && falls_in(kExtensionShare)) {
      extend();
    } else if (falls_in(kSuspensionShare)) {
      suspend();
    } else if (falls_in(kForceClosedShare)) {
      after(120 + exponential(300), StepKind::ForceClosed);
      follow_closing();
      return false;
    } else if (falls_in(kWithdrawnShare)) {
      after(30 + exponential(60), StepKind::Cancelled);
      return false;
    } else {
      work_until(draw_done());
    }
    return true;
  }

  UtcTime draw_done() {
    const auto left = m_clock.deadline_at() - m_now;
    if (m_clock.limited() && left < kLateWithin && chance(kLateShare)) return draw_late();
    const double amount_h = std::chrono::duration<double, std::ratio<3600>>(m_clock.amount()).count();
    const double median_min = 50 * std::pow(amount_h, 0.42) * (m_night_crew ? 0.9 : 1);
    const milliseconds work = minutes_of(lognormal(median_min, 0.55));
    // Two in three are done by offices that keep the calendar's hours, the others by crews that work till late.
    UtcTime done = chance(kOfficeShare) ? m_clock.when_worked(m_dispatched_at, work) : m_dispatched_at + work;
    done = in_crew_hours(done);
    // Some are left lying, though not beyond the limit.
    if (chance(0.08)) done = m_clock.when_used(m_now, between(0.3, 0.97));
    return within_limit(done, 0.4, 0.93);
  }
  UtcTime draw_late() {
    return in_crew_hours(m_clock.deadline_at() + minutes_of(12 + std::min(exponential(11 * 60), 60.0 * 60)));
  }
  // `at`, or a moment between the shares of what is left where it would be late.
  UtcTime within_limit(UtcTime at, double share_low, double share_high) {
    constexpr auto kMargin = std::chrono::minutes(15);  // for the check
    at = std::max(at, m_now + std::chrono::minutes(3));
    if (m_clock.limited() && at > m_clock.deadline_at() - kMargin) {
      at = m_clock.when_used(m_now, between(share_low, share_high));
    }
    return std::min(at, m_now + kHandlingMax);
  }

  // Handled at `done`; urged or supervised before, where somebody looks at it.
  void work_until(UtcTime done) {
    const bool late = m_clock.limited() && done > m_clock.deadline_at();
    if (chance(late ? 0.6 : 0.008)) look_in(StepKind::Urged, done, late);
    if (chance(late ? 0.35 : 0.004)) look_in(StepKind::Supervised, done, late);
    step_at(StepKind::Handled, done);
  }
  void look_in(StepKind kind, UtcTime done, bool late) {
    const UtcTime from = late ? std::max(m_now, m_clock.deadline_at() - std::chrono::minutes(20)) : m_now;
    const UtcTime at =
        from + minutes_of(between(0.1, 0.9) * std::chrono::duration<double, std::ratio<60>>(done - from).count());
    if (at <= m_now || at >= done || !may(kind)) return;
    CourseStep& step = step_at(kind, at);
    if (late && kind == StepKind::Supervised) step.reason = "overtime";
  }

  void extend() {
    const int times = chance(0.06) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      step_at(StepKind::ExtensionRequested,
              std::min(m_clock.when_used(m_now, between(0.3, 0.6)), m_now + kHandlingMax / 2));
      const bool approved = chance(kApprovedShare);
      // Decided in time: an extension of what is late already is against the rules.
      const UtcTime decided = std::min(m_now + minutes_of(8 + exponential(15)), m_clock.when_used(m_now, 0.5));
      CourseStep& step = step_at(StepKind::ExtensionDecided, decided);
      step.approved = approved;
      step.reason = approved ? "justified" : "not_justified";
      if (approved) m_clock.extend();
    }
    work_until(within_limit(in_crew_hours(m_clock.when_used(m_now, between(0.3, 0.85))), 0.3, 0.85));
  }

  // Ended early, it is ended days before its date: who is told of both at once, after that date, must not take the end
  // for one that came by itself.
  void suspend() {
    after(5 + exponential(15), StepKind::Suspended);
    const bool early = chance(0.5);
    const base::LocalDays day = m_zone.day_of(m_now) + days((early ? 5 : 1) + m_random.next_below(6));
    const UtcTime resume_at = m_zone.from_local(base::LocalInstant(day) + hours(8)).utc;
    m_steps.back().resume_at = resume_at;
    m_clock.pause(m_now);
    if (early) {
      const UtcTime latest = resume_at - days(3);
      const auto span_min = std::chrono::duration<double, std::ratio<60>>(latest - m_now).count();
      step_at(StepKind::Resumed, in_crew_hours(m_now + minutes_of(between(0.1, 0.9) * span_min)));
    } else {
      // It ends by itself: the hub's timer, no event.
      m_now = resume_at;
      m_state = m_table.after(StepKind::Resumed, m_state);
    }
    m_clock.resume(m_now);
    work_until(within_limit(in_crew_hours(m_now + minutes_of(lognormal(70, 0.6))), 0.2, 0.85));
  }

  // --- check, closing and after ---

  void check_and_close() {
    if (chance(kSentBackShare)) {
      if (chance(0.5)) after(1 + exponential(3), StepKind::CheckRequested);
      after(1 + exponential(4), StepKind::SentBack);
      redo();
    }
    after(1 + exponential(2), StepKind::CheckRequested);
    if (chance(kReworkShare)) {
      after_in_crew_hours(2 + exponential(4), StepKind::CheckStarted);
      after(2 + exponential(4), StepKind::ReworkOrdered);
      after_in_crew_hours(3 + exponential(5), StepKind::HandlingStarted);
      redo();
      after(1 + exponential(2), StepKind::CheckRequested);
    }
    // One in ten is seen on a photo and needs no visit.
    if (!chance(0.1)) {
      after_in_crew_hours(2 + exponential(4), StepKind::CheckStarted);
      after(2 + exponential(4), StepKind::CheckPassed);
    }
    close();
  }
  void redo() {
    const UtcTime done = in_crew_hours(m_now + minutes_of(lognormal(22, 0.5)));
    step_at(StepKind::Handled, within_limit(done, 0.3, 0.8));
  }
  void close() {
    m_solved_level = draw_solved_level();
    after(1 + exponential(2), StepKind::Closed);
  }
  // Small things do not leave the grid: each level up gets a part of what the level below could not do.
  int draw_solved_level() {
    constexpr double kGraver = 1.32;  // what is worked on at night goes up so much more often
    const double up = (1 - m_subject.solved_at_each) * (m_night_crew ? kGraver : 1);
    int level = m_subject.leaf_level;
    while (level > 0 && chance(up)) --level;
    return level;
  }

  void follow_closing() {
    if (chance(m_subject.by_public ? kPublicFollowUpShare : kFollowUpShare) && may(StepKind::FollowUp)) {
      after(30 + exponential(240), StepKind::FollowUp).satisfied = chance(0.97);
    }
    if (m_clock.limited() && handled_at() > m_clock.deadline_at()) defend();
    if (chance(kEvaluatedShare) && may(StepKind::Evaluated)) after(180 + exponential(600), StepKind::Evaluated);
    if (chance(kReopenedShare) && may(StepKind::Reopened)) reopen();
  }
  [[nodiscard]] UtcTime handled_at() const {
    for (auto step = m_steps.rbegin(); step != m_steps.rend(); ++step) {
      if (step->kind == StepKind::Handled) return step->at;
    }
    return {};
  }
  // A department that was late may say why.
  void defend() {
    if (chance(0.12) && may(StepKind::Exempted)) {
      after(60 + exponential(300), StepKind::Exempted);
    } else if (chance(0.2) && may(StepKind::AppealOpened)) {
      after(60 + exponential(400), StepKind::AppealOpened);
      CourseStep& decided = after(120 + exponential(600), StepKind::AppealDecided);
      decided.approved = chance(0.45);
      decided.reason = *decided.approved ? "justified" : "not_justified";
    }
  }
  void reopen() {
    after(360 + exponential(900), StepKind::Reopened);
    m_solved_level.reset();
    dispatch_to(right_department());
    after_in_crew_hours(lognormal(11, 0.6), StepKind::HandlingStarted);
    step_at(StepKind::Handled, in_crew_hours(m_now + minutes_of(lognormal(50, 0.5))));
    check_and_close();
  }

  // --- four steps ---

  void draw_short() {
    if (!may(StepKind::Dispatched)) after(1 + exponential(5), StepKind::Filed);
    if (chance(kWrongDepartmentShare)) {
      dispatch_to(wrong_department());
      if (may(StepKind::Returned)) after_in_crew_hours(10 + exponential(20), StepKind::Returned);
    }
    if (may(StepKind::Dispatched)) dispatch_to(right_department());
    work_until(draw_done());
    close();
  }

  base::Random m_random;
  const CourseSubject& m_subject;
  const CourseTable& m_table;
  const base::TimeZone& m_zone;
  CaseClock m_clock;
  UtcTime m_now, m_dispatched_at{};
  bool m_night_crew;
  CaseState m_state = CaseState::Reported;
  std::optional<std::uint16_t> m_department;
  std::optional<int> m_solved_level;
  std::vector<CourseStep> m_steps;
};

}  // namespace

std::vector<CourseStep> draw_course(base::Random random, const CourseSubject& subject, const CourseGround& ground) {
  return Course(random, subject, ground).draw();
}

base::UtcTime settled_at(const std::vector<CourseStep>& steps) {
  auto last_open =
      std::find_if(steps.rbegin(), steps.rend(), [](const CourseStep& step) { return !model::is_settled(step.state); });
  // The first step, the report, is open: there is one.
  return last_open == steps.rbegin() ? steps.back().at : std::prev(last_open)->at;
}

}  // namespace gridwall::sim
