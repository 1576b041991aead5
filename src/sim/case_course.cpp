#include "sim/case_course.hpp"

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"

namespace gridwall::sim {

namespace {

constexpr std::string_view kReported = "incident.reported";
constexpr std::string_view kVerifyRequested = "incident.verify_requested";
constexpr std::string_view kAccepted = "incident.accepted";
constexpr std::string_view kRejected = "incident.rejected";
constexpr std::string_view kFiled = "incident.filed";
constexpr std::string_view kCancelled = "incident.cancelled";
constexpr std::string_view kDispatched = "incident.dispatched";
constexpr std::string_view kReturned = "incident.returned";
constexpr std::string_view kHandlingStarted = "incident.handling_started";
constexpr std::string_view kExtensionRequested = "incident.extension_requested";
constexpr std::string_view kExtensionDecided = "incident.extension_decided";
constexpr std::string_view kSuspended = "incident.suspended";
constexpr std::string_view kResumed = "incident.resumed";
constexpr std::string_view kHandled = "incident.handled";
constexpr std::string_view kCheckRequested = "incident.check_requested";
constexpr std::string_view kCheckStarted = "incident.check_started";
constexpr std::string_view kCheckPassed = "incident.check_passed";
constexpr std::string_view kReworkOrdered = "incident.rework_ordered";
constexpr std::string_view kClosed = "incident.closed";

// A crew that handles small things goes home at 22 and begins at 7.
constexpr int kCrewEndHour = 22, kCrewBeginHour = 7;

class Course {
 public:
  Course(base::Random random, base::UtcTime reported_at, model::Severity severity, std::chrono::minutes utc_offset)
      : m_random(random), m_now(reported_at), m_severity(severity), m_utc_offset(utc_offset) {
    m_steps.push_back({kReported, reported_at});
  }

  std::vector<CourseStep> draw() {
    if (!file()) return std::move(m_steps);
    dispatch();
    handle();
    check();
    after(1 + exponential(4), kClosed);
    return std::move(m_steps);
  }

 private:
  bool chance(double probability) { return m_random.next_unit() < probability; }
  double exponential(double mean_min) { return m_random.next_exponential(mean_min); }
  double lognormal(double median_min, double sigma) { return median_min * std::exp(sigma * m_random.next_normal()); }

  void after(double delay_min, std::string_view type) {
    constexpr double kDelayMaxMin = 60 * 36;
    // Whole milliseconds: what a source's stamp holds, and enough to keep the order.
    m_now += std::chrono::milliseconds(1 + static_cast<std::int64_t>(60'000 * std::min(delay_min, kDelayMaxMin)));
    m_steps.push_back({type, m_now});
  }
  void after_in_crew_hours(double delay_min, std::string_view type) {
    after(delay_min, type);
    const bool urgent = m_severity <= model::Severity::Major;
    const int hour = base::to_local(m_now, m_utc_offset).hour;
    if (urgent || (hour >= kCrewBeginHour && hour < kCrewEndHour)) return;
    base::UtcTime morning = base::start_of_local_day(m_now, m_utc_offset) + std::chrono::hours(kCrewBeginHour);
    if (morning < m_now) morning += std::chrono::hours(24);
    m_now = morning + std::chrono::milliseconds(static_cast<std::int64_t>(60'000 * std::min(exponential(40), 180.0)));
    m_steps.back().at = m_now;
  }

  // False when it ends here.
  bool file() {
    if (chance(0.08)) after(2 + exponential(4), kVerifyRequested);
    if (chance(0.025)) {
      after(1 + exponential(8), kRejected);
      return false;
    }
    after(m_steps.back().type == kVerifyRequested ? 12 + exponential(15) : 0.5 + exponential(4), kAccepted);
    after(1 + exponential(3), kFiled);
    if (!chance(0.005)) return true;
    after(5 + exponential(20), kCancelled);
    return false;
  }

  void dispatch() {
    after(1 + exponential(4), kDispatched);
    if (!chance(0.04)) return;
    after_in_crew_hours(8 + exponential(15), kReturned);
    after(3 + exponential(8), kDispatched);
  }

  void handle() {
    after_in_crew_hours(lognormal(13, 0.6), kHandlingStarted);
    if (chance(0.03)) {
      after(20 + exponential(30), kExtensionRequested);
      after(10 + exponential(20), kExtensionDecided);
    }
    if (chance(0.012)) {
      after(10 + exponential(20), kSuspended);
      after(8 * 60 + exponential(16 * 60), kResumed);
    }
    const double median_min = m_severity == model::Severity::Critical ? 35
                              : m_severity == model::Severity::Major  ? 50
                                                                      : 62;
    after_in_crew_hours(lognormal(median_min, 0.7) * (chance(0.05) ? 12 : 1), kHandled);
  }

  void check() {
    ask_for_check();
    if (chance(0.03)) {
      after_in_crew_hours(3 + exponential(8), kReworkOrdered);
      after_in_crew_hours(5 + exponential(10), kHandlingStarted);
      after_in_crew_hours(lognormal(40, 0.6), kHandled);
      ask_for_check();
    }
    after(3 + exponential(8), kCheckPassed);
  }
  void ask_for_check() {
    after(1 + exponential(3), kCheckRequested);
    after_in_crew_hours(3 + exponential(9), kCheckStarted);
  }

  base::Random m_random;
  base::UtcTime m_now;
  model::Severity m_severity;
  std::chrono::minutes m_utc_offset;
  std::vector<CourseStep> m_steps;
};

}  // namespace

std::vector<CourseStep> draw_course(base::Random random, base::UtcTime reported_at, model::Severity severity,
                                    std::chrono::minutes utc_offset) {
  return Course(random, reported_at, severity, utc_offset).draw();
}

std::vector<std::string_view> course_event_types() {
  return {kReported, kVerifyRequested, kAccepted, kRejected, kFiled, kCancelled, kDispatched, kReturned,
          kHandlingStarted, kExtensionRequested, kExtensionDecided, kSuspended, kResumed, kHandled,
          kCheckRequested, kCheckStarted, kCheckPassed, kReworkOrdered, kClosed};
}

}  // namespace gridwall::sim
