#include "scene/follow.hpp"

#include <algorithm>

namespace gridwall::scene {

void Follow::toggle() {
  m_is_on = !m_is_on;
  m_knows = false;
  m_known.clear();
  m_waiting.clear();
  m_flown_at.reset();
  m_paused_until = {};
}

bool Follow::is_paused(base::MonoTime now) const {
  return m_is_on && now < m_paused_until;
}

Follow::Wish Follow::update(const state::WorldSnapshot& snapshot, std::span<const std::uint32_t> critical,
                            bool is_current, base::MonoTime now) {
  if (!m_is_on || !is_current) return {};
  // What is there at first, or after a jump back in time, is not new.
  if (m_tree != snapshot.tree.get() || snapshot.state_time < m_state_time) m_knows = false;
  m_tree = snapshot.tree.get();
  m_state_time = snapshot.state_time;
  if (!m_knows) {
    m_known.clear();
    m_waiting.clear();
  }
  std::vector<std::uint32_t> fresh;
  std::set<std::string, std::less<>> now_critical;
  for (const std::uint32_t number : critical) {
    const std::string_view id = snapshot.incident(number).id;
    now_critical.emplace(id);
    if (!m_known.contains(id)) fresh.push_back(number);
  }
  std::ranges::sort(fresh, {}, [&](std::uint32_t number) { return snapshot.incident(number).first_seen_at; });
  for (const std::uint32_t number : fresh) {
    if (m_knows) m_waiting.emplace_back(snapshot.incident(number).id);
  }
  // What was settled may become critical again, and is new then.
  m_known = std::move(now_critical);
  m_knows = true;
  std::erase_if(m_waiting, [&](const std::string& id) { return !m_known.contains(id); });
  if (is_paused(now)) {
    m_flown_at.reset();  // the view is somebody's
    return {};
  }
  if (!m_waiting.empty() && (!m_flown_at || now - *m_flown_at >= kApart)) {
    const std::string id = std::move(m_waiting.back());
    m_waiting.pop_back();
    m_flown_at = now;
    const auto it = std::ranges::find_if(critical, [&](std::uint32_t n) { return snapshot.incident(n).id == id; });
    return {*it, false};
  }
  if (m_flown_at && m_waiting.empty() && now - *m_flown_at >= kStay) {
    m_flown_at.reset();
    return {std::nullopt, true};
  }
  return {};
}

}  // namespace gridwall::scene
