#include "state/digest.hpp"

#include <array>

#include "base/assert.hpp"
#include "base/hash.hpp"

namespace gridwall::state {

namespace {

// Words are hashed as they lie in memory: every machine that Gridwall runs on is little-endian.
template <std::size_t kMax>
class Words {
 public:
  template <typename Integer>
  void put(Integer value) {
    ASSERT(m_count < kMax, "more than {} words", kMax);
    m_words[m_count++] = static_cast<std::uint64_t>(value);
  }
  void put(base::UtcTime time) { put(time.time_since_epoch().count()); }
  [[nodiscard]] std::uint64_t hash() const {
    const auto hash =
        base::hash_bytes({reinterpret_cast<const char*>(m_words.data()), m_count * sizeof(std::uint64_t)});
    return hash == 0 ? 1 : hash;  // 0 says that nobody is there
  }

 private:
  std::array<std::uint64_t, kMax> m_words;
  std::size_t m_count = 0;
};

template <typename... Bytes>
std::uint64_t packed(Bytes... bytes) {
  std::uint64_t word = 0;
  ((word = word << 8 | (static_cast<std::uint64_t>(bytes) & 0xff)), ...);
  return word;
}

// Seldom is there anything in either.
std::uint64_t hash_lists(const model::CaseRecord& record) {
  if (record.pauses.empty()) return 0;
  std::uint64_t hash = 0;
  const auto chain = [&hash](auto first, auto second) {
    Words<3> words;
    words.put(hash);
    words.put(first);
    words.put(second);
    hash = words.hash();
  };
  chain(record.pauses.size(), 0);
  for (const auto& [begin, end] : record.pauses) chain(begin, end);
  return hash;
}

}  // namespace

std::uint64_t hash_case(const Incident& incident, const model::CaseRecord& record, const CaseTexts& texts) {
  Words<40> words;
  words.put(base::hash_bytes(incident.id));
  words.put(texts.class_code);
  words.put(texts.channel);
  words.put(texts.department);
  words.put(texts.division_code);
  words.put(texts.condition);
  words.put(static_cast<std::uint64_t>(static_cast<std::uint32_t>(incident.point_units.x)) << 32 |
            static_cast<std::uint32_t>(incident.point_units.y));
  words.put(packed(record.state, incident.severity, record.return_count, record.rework_count, record.extension_count,
                   record.suspension_count, record.urge_count, record.reopen_count));
  words.put(packed(record.solved_level, record.limit.unit, incident.located, incident.simulated, incident.recurrent,
                   incident.suspected_duplicate));
  words.put(std::uint64_t{record.limit.count} << 32 | std::uint64_t{record.marks} << 16 | record.flaws);
  for (const base::UtcTime stamp : record.stamps) words.put(stamp);
  words.put(record.deadline_at);
  words.put(record.paused_at);
  words.put(record.resume_due_at);
  words.put(record.warn_at);
  words.put(record.milestone_at);
  words.put(record.stage_due_at);
  words.put(record.paused_used.count());
  words.put(hash_lists(record));
  words.put(incident.first_seen_at);
  words.put(incident.changed_at);
  return words.hash();
}

std::uint64_t hash_counted(const CountedCase& counted, const CaseTexts& texts) {
  Words<12> words;
  words.put(texts.class_code);
  words.put(texts.channel);
  words.put(texts.department);
  words.put(texts.division_code);
  words.put(counted.measure.flags);
  words.put(counted.measure.accept_ms);
  words.put(counted.measure.handle_ms);
  words.put(counted.reported_at);
  words.put(counted.keys[static_cast<std::size_t>(Dimension::Severity)]);
  return words.hash();
}

DigestBook::DigestBook(std::shared_ptr<const Ancestry> ancestry)
    : m_ancestry(std::move(ancestry)), m_total(m_ancestry->size()), m_own(m_ancestry->size()) {}

void DigestBook::change(model::DivisionIndex division, std::uint64_t before, std::uint64_t after) {
  const std::uint64_t difference = after - before;
  if (difference == 0) return;
  m_own[division.value] += difference;
  m_ancestry->for_each_up(division, [&](std::uint32_t at) { m_total[at] += difference; });
}

void DigestBook::prefetch(model::DivisionIndex division) const {
  prefetch_line(&m_own[division.value]);
  m_ancestry->for_each_far(division, [&](std::uint32_t at) { prefetch_line(&m_total[at]); });
}

void DigestBook::clear() {
  m_total.assign(m_total.size(), 0);
  m_own.assign(m_own.size(), 0);
}

}  // namespace gridwall::state
