#include "state/case_store.hpp"

#include "base/hash.hpp"

namespace gridwall::state {

std::uint64_t CaseStore::hash_of(std::string_view id) {
  return base::hash_bytes(id);
}

std::optional<std::uint32_t> CaseStore::find(std::string_view id, std::uint64_t hash) const {
  return m_table.find(hash, [&](std::uint32_t number) { return m_incidents[number].id == id; });
}

std::uint32_t CaseStore::add(std::string_view id, std::uint64_t hash) {
  const std::uint32_t number = count();
  m_folded.emplace_back();
  Incident incident;
  incident.id = m_ids->add(id);
  m_incidents.push_back(incident);
  m_table.add(hash, number, [&](std::uint32_t other) { return hash_of(m_incidents[other].id); });
  return number;
}

void CaseStore::compact(const std::function<bool(std::uint32_t number)>& keep) {
  std::vector<std::uint32_t> kept;
  kept.reserve(count());
  for (std::uint32_t number = 0; number < count(); ++number) {
    if (keep(number)) kept.push_back(number);
  }
  if (kept.size() == count()) return;
  // Snapshots keep the old pages and ids for as long as they want them.
  CaseStore next;
  for (const std::uint32_t number : kept) {
    const Incident& incident = m_incidents[number];
    const std::uint32_t place = next.add(incident.id, hash_of(incident.id));
    const std::string_view id = next.m_incidents[place].id;
    Incident& moved = next.m_incidents.edit(place);
    moved = incident;
    moved.id = id;
    next.folded(place) = std::move(folded(number));
  }
  *this = std::move(next);
}

void CaseStore::clear() {
  m_incidents = CowArray<Incident, kIncidentsPerPage>();
  m_folded.clear();
  m_table.clear();
  m_ids = std::make_shared<TextArena>();
}

void CaseStore::freeze_into(WorldSnapshot& snapshot) {
  snapshot.incidents = m_incidents.freeze();
  snapshot.ids = m_ids;
}

void CaseStore::prefetch_place(std::uint32_t number) const {
  m_incidents.prefetch_place(number);
  prefetch_bytes(&m_folded[number], sizeof(FoldedCase));
}

void CaseStore::prefetch_case(std::uint32_t number) const {
  m_incidents.prefetch(number);
}

std::size_t CaseStore::bytes() const {
  return m_incidents.size() * sizeof(Incident) + m_folded.bytes() + m_table.bytes() + m_ids->bytes();
}

}  // namespace gridwall::state
