#include "state/share_book.hpp"

namespace gridwall::state {

namespace {

using model::Count;
using model::flag;

constexpr model::CaseFlags kWatched = flag(Count::Report) | flag(Count::ShouldHandle) | flag(Count::OvertimeDispose) |
                                      flag(Count::ToDisposeOverdue) | flag(Count::Recurrent) | flag(Count::Unlocated);

ShareCounts counts_of(model::CaseFlags flags) {
  const auto one = [flags](Count count) { return (flags & flag(count)) != 0 ? 1u : 0u; };
  return {one(Count::Report), one(Count::ShouldHandle), one(Count::OvertimeDispose) + one(Count::ToDisposeOverdue),
          one(Count::Recurrent), one(Count::Unlocated)};
}

}  // namespace

ShareCounts share_counts(const Figures& figures) {
  return {figures.of(Count::Report), figures.of(Count::ShouldHandle),
          figures.of(Count::OvertimeDispose) + figures.of(Count::ToDisposeOverdue), figures.of(Count::Recurrent),
          figures.of(Count::Unlocated)};
}

ShareBook::ShareBook(std::shared_ptr<const Ancestry> ancestry)
    : m_ancestry(std::move(ancestry)), m_counts(m_ancestry->size()) {}

void ShareBook::begin(const base::Period& month, const base::TimeZone& zone) {
  clear();
  m_month = month;
  m_begin = base::period_begin(month, zone);
  m_end = base::period_end(month, zone);
}

bool ShareBook::change(model::DivisionIndex division, base::UtcTime reported_at, model::CaseFlags before,
                       model::CaseFlags after) {
  if (((before ^ after) & kWatched) == 0) return false;
  if (reported_at < m_begin || reported_at >= m_end) return true;
  // Differences of unsigned numbers, which come out right in the sums.
  const ShareCounts gone = counts_of(before), come = counts_of(after);
  m_ancestry->for_each_up(division, [&](std::uint32_t at) {
    ShareCounts& counts = m_counts[at];
    counts.reports += come.reports - gone.reports;
    counts.should_handle += come.should_handle - gone.should_handle;
    counts.late += come.late - gone.late;
    counts.recurrent += come.recurrent - gone.recurrent;
    counts.unlocated += come.unlocated - gone.unlocated;
  });
  return true;
}

void ShareBook::clear() {
  m_counts.assign(m_counts.size(), {});
  m_month = {base::PeriodKind::Month, 0};
  m_begin = m_end = {};
}

}  // namespace gridwall::state
