#include "hub/pending_answers.hpp"

#include <algorithm>

namespace gridwall::hub {

std::uint64_t promised_sequence(const std::vector<wire::Answer>& answers) {
  std::uint64_t last = 0;
  for (const wire::Answer& answer : answers) last = std::max(last, answer.sequence);
  return last;
}

void mark_durable(std::vector<wire::Answer>& answers, std::uint64_t durable_through) {
  for (wire::Answer& answer : answers) answer.durable = answer.sequence > 0 && answer.sequence <= durable_through;
}

void PendingAnswers::wait(Waiting waiting) {
  waiting.request.payload = {};
  m_waiting.push_back(std::move(waiting));
}

std::vector<PendingAnswers::Waiting> PendingAnswers::release(std::uint64_t durable_through) {
  std::vector<Waiting> released;
  // A repetition may wait for less than what stands before it; it comes a commit later at most.
  while (!m_waiting.empty() && promised_sequence(m_waiting.front().answers) <= durable_through) {
    mark_durable(m_waiting.front().answers, durable_through);
    released.push_back(std::move(m_waiting.front()));
    m_waiting.pop_front();
  }
  return released;
}

std::vector<PendingAnswers::Waiting> PendingAnswers::refuse(std::uint64_t durable_through, std::string_view reason,
                                                            std::string_view detail) {
  std::vector<Waiting> refused;
  for (Waiting& waiting : m_waiting) {
    mark_durable(waiting.answers, durable_through);
    for (wire::Answer& answer : waiting.answers) {
      if (answer.sequence <= durable_through) continue;
      wire::Answer refusal;
      refusal.id = std::move(answer.id);
      refusal.source = std::move(answer.source);
      refusal.reason = reason;
      refusal.detail = detail;
      answer = std::move(refusal);
    }
    refused.push_back(std::move(waiting));
  }
  m_waiting.clear();
  return refused;
}

}  // namespace gridwall::hub
