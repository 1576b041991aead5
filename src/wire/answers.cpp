#include "wire/answers.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "wire/constants.hpp"
#include "wire/message_fields.hpp"

namespace gridwall::wire {

namespace {

// 1,000 answers with their longest texts stay below it.
constexpr std::size_t kAnswersBytesMax = 4 * kMessageBytesMax;

void write_answer(base::JsonWriter& json, const Answer& answer) {
  json.begin_object().field("id", answer.id).field("source", answer.source);
  json.field("status", answer_status_word(answer.status)).field("durable", answer.durable);
  if (answer.sequence != 0) json.field("sequence", answer.sequence);
  if (!answer.path.empty()) json.field("path", answer.path);
  if (!answer.reason.empty()) json.field("reason", answer.reason);
  if (!answer.detail.empty()) json.field("detail", answer.detail);
  json.end_object();
}

base::Result<Answer> read_answer(const JsonView& object) {
  FieldReader fields(object, "answer");
  Answer answer;
  answer.id = fields.text("id");
  answer.source = fields.text("source");
  const std::string status = fields.text("status");
  if (status == "accepted") {
    answer.status = AnswerStatus::Accepted;
  } else if (status == "duplicate") {
    answer.status = AnswerStatus::Duplicate;
  } else if (status != "refused") {
    fields.fail("status", "accepted, refused or duplicate");
  }
  const auto durable = object.find("durable");
  answer.durable = durable && durable->truth().value_or(false);
  if (object.find("sequence")) answer.sequence = fields.count("sequence");
  answer.path = fields.text_or_empty("path");
  answer.reason = fields.text_or_empty("reason");
  answer.detail = fields.text_or_empty("detail");
  TRY(fields.status());
  return answer;
}

}  // namespace

std::string_view answer_status_word(AnswerStatus status) {
  switch (status) {
    case AnswerStatus::Accepted: return "accepted";
    case AnswerStatus::Refused: return "refused";
    case AnswerStatus::Duplicate: return "duplicate";
  }
  return "refused";
}

Answer refusal_answer(const Refusal& refusal) {
  Answer answer;
  answer.id = refusal.id;
  answer.source = refusal.source;
  answer.reason = reason_word(refusal.reason);
  answer.detail = refusal.detail;
  return answer;
}

std::string encode_answers(const std::vector<Answer>& answers) {
  base::JsonWriter json;
  json.begin_object().key("answers").begin_array();
  for (const Answer& answer : answers) write_answer(json, answer);
  json.end_array().end_object();
  return json.take();
}

base::Result<std::vector<Answer>> decode_answers(std::string_view message) {
  JsonDocument document(kAnswersBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, "answers"));
  if (const auto error = object.find("error")) {
    return base::Error{base::ErrorCode::Refused,
                       fmt::format("the hub answered: {}", error->text().value_or("an error without text"))};
  }
  const auto list = object.find("answers");
  if (!list || list->kind() != JsonKind::Array) {
    return base::Error{base::ErrorCode::Malformed, "answers: 'answers' is not an array"};
  }
  std::vector<Answer> answers;
  answers.reserve(list->item_count());
  for (const JsonView& item : list->items()) {
    TRY_ASSIGN(answers.emplace_back(), read_answer(item));
  }
  return answers;
}

}  // namespace gridwall::wire
