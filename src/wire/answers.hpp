// The hub's answer to a publisher: one entry for each element of its message, in its order.
// Test: tests/unit/wire/answers_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {

enum class AnswerStatus : std::uint8_t { Accepted, Refused, Duplicate };
// "accepted", "refused", "duplicate".
std::string_view answer_status_word(AnswerStatus status);

struct Answer {
  std::string id, source;      // empty when the message could not be read that far
  AnswerStatus status = AnswerStatus::Refused;
  bool durable = false;        // synced to the journal
  std::uint64_t sequence = 0;  // 0: none (refused, or not published)
  std::string path;            // the topic it was published under
  std::string reason;          // refused: a word, reason_word() or the hub's own ("too_old")
  std::string detail;          // refused: one sentence
  bool operator==(const Answer&) const = default;
};

Answer refusal_answer(const Refusal& refusal);

std::string encode_answers(const std::vector<Answer>& answers);
base::Result<std::vector<Answer>> decode_answers(std::string_view message);

}  // namespace gridwall::wire
