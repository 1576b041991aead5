#include "wire/clock_offset.hpp"

#include <algorithm>

namespace gridwall::wire {

void ClockOffset::on_pong(base::MonoTime sent, base::MonoTime received, base::Duration hub_mono,
                          std::uint64_t epoch) {
  if (received < sent) return;
  if (m_count > 0 && m_window[0].epoch != epoch) m_count = 0;
  const base::Duration round_trip = received - sent;
  // The answer is taken to have been written half way between.
  const base::Duration ours = sent.time_since_epoch() + round_trip / 2;
  m_window[m_count % kOffsetWindow] = {hub_mono - ours, round_trip, epoch};
  ++m_count;
}

std::optional<OffsetMeasurement> ClockOffset::best() const {
  if (m_count == 0) return std::nullopt;
  const auto end = m_window.begin() + static_cast<std::ptrdiff_t>(std::min(m_count, kOffsetWindow));
  return *std::min_element(m_window.begin(), end, [](const OffsetMeasurement& a, const OffsetMeasurement& b) {
    return a.round_trip < b.round_trip;
  });
}

}  // namespace gridwall::wire
