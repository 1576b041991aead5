// PendingAnswers: answers that wait until what they accept is on the disk. Bounded by the owner: it takes no request
// when there is no room. Pure, one thread. Test: tests/unit/hub/pending_answers_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "feed/hub_sockets.hpp"
#include "wire/answers.hpp"

namespace gridwall::hub {

class PendingAnswers {
 public:
  struct Waiting {
    feed::Request request;  // its envelope; the payload is let go
    std::vector<wire::Answer> answers;
    base::MonoTime since{};
  };

  explicit PendingAnswers(std::size_t requests_max) : m_requests_max(requests_max) {}

  [[nodiscard]] bool has_room() const { return m_waiting.size() < m_requests_max; }
  // `answers` names a sequence that is not durable yet: accepted just now, or a repetition of such a one.
  void wait(Waiting waiting);

  // Those that are durable now, marked so, in the order in which they came.
  std::vector<Waiting> release(std::uint64_t durable_through);
  // The journal could not hold them: what lies after `durable_through` is refused `reason`.
  std::vector<Waiting> refuse(std::uint64_t durable_through, std::string_view reason, std::string_view detail);

  [[nodiscard]] std::size_t size() const { return m_waiting.size(); }

 private:
  std::size_t m_requests_max;
  std::deque<Waiting> m_waiting;
};

// The last sequence that the answers promise; 0: none.
std::uint64_t promised_sequence(const std::vector<wire::Answer>& answers);
// Marks those that are on the disk.
void mark_durable(std::vector<wire::Answer>& answers, std::uint64_t durable_through);

}  // namespace gridwall::hub
