#include "app/tile_desk.hpp"

#include <algorithm>

namespace gridwall::app {

namespace {

constexpr base::Duration kFirstAgain = std::chrono::seconds(1);
constexpr base::Duration kLastAgain = std::chrono::minutes(1);
constexpr base::Duration kLongRest = std::chrono::seconds(60);
// A tile that fails alone stops nobody; so many in a row are the source's failure.
constexpr std::uint32_t kOwnFailures = 3;

base::Duration wait_after(std::uint32_t failed_count) {
  base::Duration wait = kFirstAgain;
  for (std::uint32_t i = 1; i < failed_count && wait < kLastAgain; ++i) wait *= 2;
  return std::min(wait, kLastAgain);
}

}  // namespace

void TileDesk::want(const TileWishes& wishes) {
  m_wishes = wishes;
  while (m_sent_count - m_under_way.size() < wishes.received_count && !m_under_way.empty()) m_under_way.pop_front();
  std::erase_if(m_failures, [&](const auto& failure) {
    return std::ranges::find(m_wishes.keys, failure.first) == m_wishes.keys.end();
  });
}

bool TileDesk::is_under_way(const model::TileKey& key) const {
  return std::ranges::find(m_under_way, key) != m_under_way.end();
}

TileDesk::Step TileDesk::next(base::MonoTime now) const {
  if (now < m_paused_until) return {Act::Rest, {}, m_paused_until - now};
  if (!m_is_open) return {Act::Open, {}, {}};
  Step rest{Act::Rest, {}, kLongRest};
  for (const model::TileKey& key : m_wishes.keys) {
    if (is_under_way(key)) continue;
    const auto failed = m_failures.find(key);
    if (failed == m_failures.end() || failed->second.again_at <= now) return {Act::Read, key, {}};
    rest.patience = std::min(rest.patience, base::Duration(failed->second.again_at - now));
  }
  return rest;
}

void TileDesk::opened(bool ok, base::MonoTime now) {
  m_is_open = ok;
  m_failed_in_a_row = ok ? 0 : m_failed_in_a_row + 1;
  if (!ok) m_paused_until = now + wait_after(m_failed_in_a_row);
}

void TileDesk::was_read(const model::TileKey& key, bool ok, base::MonoTime now) {
  if (ok) {
    m_failed_in_a_row = 0;
    m_failures.erase(key);
    m_under_way.push_back(key);
    ++m_sent_count;
    return;
  }
  Failure& failure = m_failures[key];
  failure.again_at = now + wait_after(++failure.count);
  if (++m_failed_in_a_row >= kOwnFailures) m_paused_until = now + wait_after(m_failed_in_a_row - kOwnFailures + 1);
}

}  // namespace gridwall::app
