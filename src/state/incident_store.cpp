#include "state/incident_store.hpp"

#include <utility>

namespace gridwall::state {

std::optional<std::uint32_t> IncidentStore::find(std::string_view id) const {
  const auto found = m_numbers.find(id);
  if (found == m_numbers.end()) return std::nullopt;
  return found->second;
}

const Incident& IncidentStore::at(std::uint32_t number) const {
  ASSERT(number < m_count, "incident {} of {}", number, m_count);
  return (*m_slots[number / kIncidentsPerPage].page)[number % kIncidentsPerPage];
}

IncidentPage& IncidentStore::writable(std::size_t page_index) {
  Slot& slot = m_slots[page_index];
  if (slot.given_out) {
    auto copy = std::make_shared<IncidentPage>();
    copy->reserve(kIncidentsPerPage);
    copy->assign(slot.page->begin(), slot.page->end());
    slot = {std::move(copy), false};
    m_written.push_back(page_index);
  }
  return *slot.page;
}

std::uint32_t IncidentStore::add(Incident incident) {
  const std::uint32_t number = m_count;
  const std::size_t page_index = number / kIncidentsPerPage;
  if (page_index == m_slots.size()) {
    m_slots.push_back({std::make_shared<IncidentPage>(), false});
    m_slots.back().page->reserve(kIncidentsPerPage);
    m_written.push_back(page_index);
  }
  const bool is_new = m_numbers.emplace(incident.id, number).second;
  ASSERT(is_new, "incident '{}' is stored already", incident.id);
  writable(page_index).push_back(std::move(incident));
  ++m_count;
  return number;
}

Incident& IncidentStore::edit(std::uint32_t number) {
  ASSERT(number < m_count, "incident {} of {}", number, m_count);
  return writable(number / kIncidentsPerPage)[number % kIncidentsPerPage];
}

void IncidentStore::compact(const std::function<bool(const Incident&)>& keep) {
  std::uint32_t gap = 0;
  while (gap < m_count && keep(at(gap))) ++gap;
  if (gap == m_count) return;
  // Everything from the gap's page on is laid out again.
  const std::size_t first_page = gap / kIncidentsPerPage;
  std::vector<Slot> old_slots(m_slots.begin() + static_cast<std::ptrdiff_t>(first_page), m_slots.end());
  m_slots.resize(first_page);
  std::erase_if(m_written, [&](std::size_t page_index) { return page_index >= first_page; });
  m_count = static_cast<std::uint32_t>(first_page * kIncidentsPerPage);
  for (const Slot& slot : old_slots) {
    for (const Incident& incident : *slot.page) {
      m_numbers.erase(incident.id);
      if (keep(incident)) add(incident);
    }
  }
}

void IncidentStore::clear() { *this = IncidentStore(); }

std::vector<std::shared_ptr<const IncidentPage>> IncidentStore::freeze() {
  for (const std::size_t page_index : m_written) m_slots[page_index].given_out = true;
  m_written.clear();
  std::vector<std::shared_ptr<const IncidentPage>> pages;
  pages.reserve(m_slots.size());
  for (const Slot& slot : m_slots) pages.push_back(slot.page);
  return pages;
}

}  // namespace gridwall::state
