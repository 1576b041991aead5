#include "state/figures.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "base/assert.hpp"

namespace gridwall::state {

namespace {

constexpr std::int64_t kMsPerMin = 60'000;

template <typename Visit>
void for_each_bit(std::uint64_t bits, const Visit& visit) {
  for (; bits != 0; bits &= bits - 1) visit(static_cast<std::size_t>(std::countr_zero(bits)));
}

}  // namespace

std::size_t bin_of(std::int64_t ms) {
  const auto above = std::upper_bound(kBinEdgesMin.begin(), kBinEdgesMin.end(), ms / kMsPerMin);
  return static_cast<std::size_t>(above - kBinEdgesMin.begin());
}

std::int64_t Durations::mean_ms() const {
  return count == 0 ? -1 : sum_ms / count;
}

std::int64_t Durations::quantile_ms(int per_mille) const {
  if (count == 0) return -1;
  const std::int64_t rank = std::max<std::int64_t>(1, (std::int64_t{per_mille} * count + 999) / 1000);
  std::int64_t below = 0;
  std::size_t bin = 0;
  while (bin + 1 < kBinCount && below + bins[bin] < rank) below += bins[bin++];
  const std::int64_t low = bin == 0 ? 0 : kBinEdgesMin[bin - 1] * kMsPerMin;
  if (bin + 1 == kBinCount) return low;
  const std::int64_t high = kBinEdgesMin[bin] * kMsPerMin;
  return low + (high - low) * (rank - below) / bins[bin];
}

void Durations::add(std::int64_t ms) {
  if (ms < 0) return;
  ++count;
  sum_ms += ms;
  ++bins[bin_of(ms)];
}

void Durations::subtract(std::int64_t ms) {
  if (ms < 0) return;
  ASSERT(count > 0 && sum_ms >= ms && bins[bin_of(ms)] > 0, "{} ms from {} of {} ms", ms, count, sum_ms);
  --count;
  sum_ms -= ms;
  --bins[bin_of(ms)];
}

Durations& Durations::operator+=(const Durations& other) {
  count += other.count;
  sum_ms += other.sum_ms;
  for (std::size_t i = 0; i < kBinCount; ++i) bins[i] += other.bins[i];
  return *this;
}

void Figures::add(const model::CaseMeasure& measure) {
  for_each_bit(measure.flags, [&](std::size_t i) { ++counts[i]; });
  accept.add(measure.accept_ms);
  handle.add(measure.handle_ms);
}

void Figures::subtract(const model::CaseMeasure& measure) {
  for_each_bit(measure.flags, [&](std::size_t i) {
    ASSERT(counts[i] > 0, "count {} falls below 0", i);
    --counts[i];
  });
  accept.subtract(measure.accept_ms);
  handle.subtract(measure.handle_ms);
}

void Figures::change(const model::CaseMeasure& before, const model::CaseMeasure& after) {
  FiguresChange(before, after).apply_to(*this);
}

Figures& Figures::operator+=(const Figures& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  accept += other.accept;
  handle += other.handle;
  return *this;
}

FiguresChange::FiguresChange(const model::CaseMeasure& before, const model::CaseMeasure& after) {
  for_each_bit(after.flags & ~before.flags, [&](std::size_t i) { add(m_up, i); });
  for_each_bit(before.flags & ~after.flags, [&](std::size_t i) { add(m_down, i); });
  m_accept_ms = change_time(offsetof(Figures, accept), before.accept_ms, after.accept_ms);
  m_handle_ms = change_time(offsetof(Figures, handle), before.handle_ms, after.handle_ms);
}

std::int64_t FiguresChange::change_time(std::size_t offset, std::int64_t before_ms, std::int64_t after_ms) {
  if (before_ms == after_ms) return 0;
  const auto place = [&](std::size_t offset_in) { return (offset + offset_in) / sizeof(std::uint32_t); };
  const auto put = [&](Places& places, std::int64_t ms) {
    if (ms < 0) return;
    add(places, place(offsetof(Durations, count)));
    add(places, place(offsetof(Durations, bins)) + bin_of(ms));
  };
  put(m_up, after_ms);
  put(m_down, before_ms);
  return std::max<std::int64_t>(after_ms, 0) - std::max<std::int64_t>(before_ms, 0);
}

void FiguresChange::apply_to(Figures& figures) const {
  auto* counters = reinterpret_cast<std::uint32_t*>(&figures);
  for (std::size_t i = 0; i < m_up.count; ++i) ++counters[m_up.items[i]];
  for (std::size_t i = 0; i < m_down.count; ++i) {
    std::uint32_t& counter = counters[m_down.items[i]];
    ASSERT(counter > 0, "counter {} falls below 0", m_down.items[i]);
    --counter;
  }
  figures.accept.sum_ms += m_accept_ms;
  figures.handle.sum_ms += m_handle_ms;
}

}  // namespace gridwall::state
