#include "state/case_counts.hpp"

#include <bit>
#include <cstddef>

#include "base/assert.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

namespace {

constexpr NowBits bit_at(std::size_t offset_bytes, std::size_t index = 0) {
  return NowBits{1} << (offset_bytes / sizeof(std::uint32_t) + index);
}

// CaseCounts holds nothing but counters, one after the other.
std::uint32_t* counters(CaseCounts& counts) {
  return reinterpret_cast<std::uint32_t*>(&counts);
}
const std::uint32_t* counters(const CaseCounts& counts) {
  return reinterpret_cast<const std::uint32_t*>(&counts);
}

NowBits deadline_bits(const model::CaseStanding& standing) {
  switch (standing.deadline) {
    case model::DeadlineStatus::Warn:
      return bit_at(offsetof(CaseCounts, warn));
    case model::DeadlineStatus::Paused:
      return bit_at(offsetof(CaseCounts, paused));
    case model::DeadlineStatus::Overdue:
      return bit_at(offsetof(CaseCounts, overdue)) | bit_at(offsetof(CaseCounts, overdue_by_age), standing.overdue_age);
    default:
      return 0;
  }
}

}  // namespace

const NowBits kTodayBits = bit_at(offsetof(CaseCounts, reported_today)) |
                           bit_at(offsetof(CaseCounts, closed_of_reported_today)) |
                           bit_at(offsetof(CaseCounts, closed_today));

CaseCounts& CaseCounts::operator+=(const CaseCounts& other) {
  for (std::size_t i = 0; i < kNowBitCount; ++i) counters(*this)[i] += counters(other)[i];
  return *this;
}

NowBits now_bits(const Incident& incident, const Day& today) {
  NowBits bits = 0;
  const auto set = [&](bool is_so, std::size_t offset_bytes) {
    if (is_so) bits |= bit_at(offset_bytes);
  };
  const bool is_of_today = today.contains(incident.reported_at);
  const bool is_closed = model::is_closed(incident.state);
  set(is_of_today, offsetof(CaseCounts, reported_today));
  set(is_of_today && is_closed, offsetof(CaseCounts, closed_of_reported_today));
  set(is_closed && today.contains(incident.closed_at), offsetof(CaseCounts, closed_today));
  if (model::is_settled(incident.state)) return bits;
  set(true, offsetof(CaseCounts, open));
  set(!incident.located, offsetof(CaseCounts, unlocated_open));
  bits |= bit_at(offsetof(CaseCounts, open_by_severity), model::severity_index(incident.severity));
  bits |= bit_at(offsetof(CaseCounts, open_by_state), model::case_state_index(incident.state));
  const model::CaseStanding& standing = incident.standing;
  bits |= deadline_bits(standing);
  set(standing.accept_late, offsetof(CaseCounts, accept_late));
  set(standing.dispatch_late, offsetof(CaseCounts, dispatch_late));
  set(standing.verify_late, offsetof(CaseCounts, verify_late));
  set(standing.check_late, offsetof(CaseCounts, check_late));
  set(standing.milestone_missed, offsetof(CaseCounts, milestone_missed));
  set(standing.suspension_overrun, offsetof(CaseCounts, suspension_overrun));
  set(incident.return_count >= 2, offsetof(CaseCounts, returned_twice));
  return bits;
}

CountsChange::CountsChange(NowBits before, NowBits after) {
  const auto place = [](NowBits bits) { return static_cast<std::uint8_t>(std::countr_zero(bits)); };
  for (NowBits bits = after & ~before; bits != 0; bits &= bits - 1) m_up[m_up_count++] = place(bits);
  for (NowBits bits = before & ~after; bits != 0; bits &= bits - 1) m_down[m_down_count++] = place(bits);
}

void CountsChange::apply_to(CaseCounts& counts) const {
  for (std::size_t i = 0; i < m_up_count; ++i) ++counters(counts)[m_up[i]];
  for (std::size_t i = 0; i < m_down_count; ++i) {
    std::uint32_t& counter = counters(counts)[m_down[i]];
    ASSERT(counter > 0, "counter {} falls below 0", m_down[i]);
    --counter;
  }
}

void add_bits(CaseCounts& counts, NowBits bits) {
  for (; bits != 0; bits &= bits - 1) ++counters(counts)[std::countr_zero(bits)];
}

void subtract_bits(CaseCounts& counts, NowBits bits) {
  for (; bits != 0; bits &= bits - 1) {
    std::uint32_t& counter = counters(counts)[std::countr_zero(bits)];
    ASSERT(counter > 0, "counter {} falls below 0", std::countr_zero(bits));
    --counter;
  }
}

}  // namespace gridwall::state
