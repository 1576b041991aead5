// Digest: an order-free sum of hashes of integer state, one for each entity, kept for every division and added up the
// tree: two folds that agree on every case of a prefix have equal digests there, whatever order and batches their
// events came in. Texts enter by their own hashes, never by a place in a table. Sums are modulo 2^64. Test:
// tests/unit/state/digest_test.cpp, world_property_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "model/case_record.hpp"
#include "state/ancestry.hpp"
#include "state/figure_book.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

// Hashes of the texts that a case names.
struct CaseTexts {
  std::uint64_t class_code = 0, channel = 0, department = 0, division_code = 0, condition = 0;
};
// Of a case that is in the store.
std::uint64_t hash_case(const Incident& incident, const model::CaseRecord& record, const CaseTexts& texts);
// Of one that only its figures are left of.
std::uint64_t hash_counted(const CountedCase& counted, const CaseTexts& texts);

// One thread.
class DigestBook {
 public:
  explicit DigestBook(std::shared_ptr<const Ancestry> ancestry);

  // An entity of `division` that had the hash `before` (0: was not there) and has `after` (0: is gone).
  void change(model::DivisionIndex division, std::uint64_t before, std::uint64_t after);
  // With all below it; own: of the division itself only.
  [[nodiscard]] std::uint64_t total(model::DivisionIndex division) const { return m_total[division.value]; }
  [[nodiscard]] std::uint64_t own(model::DivisionIndex division) const { return m_own[division.value]; }
  // Asks for what a change in the division will write.
  void prefetch(model::DivisionIndex division) const;
  void clear();

 private:
  std::shared_ptr<const Ancestry> m_ancestry;
  std::vector<std::uint64_t> m_total, m_own;
};

}  // namespace gridwall::state
