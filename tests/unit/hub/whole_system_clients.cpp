#include "whole_system_clients.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "intake_support.hpp"
#include "wire/answers.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::hub {

using base::Duration;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kOpenMax = 20, kRememberedMax = 50;
constexpr std::uint64_t kIncidents = 30;
// Of the small tree's 8 km, in degrees.
constexpr base::Vec2d kMiddleLonLat{120.0, 31.6217};
constexpr double kReach = 0.044;
constexpr Duration kPatience = std::chrono::seconds(1);
constexpr const char* kTypes[] = {"reported", "reported",  "accepted", "filed",  "dispatched", "handling_started",
                                  "handled",  "suspended", "resumed",  "closed", "reopened",   "painted"};

// Something of the register in the place of an incident's step.
void stand_beside(model::Event& event, base::Random& random) {
  event.type = model::kMetricValue;
  event.incident.incident_id = fmt::format("metric-{}", random.next_below(kIncidents));
  model::RegisterFacts& facts = event.entry.emplace();
  facts.table = "board";
  facts.period = fmt::format("2026-{:02}", 1 + random.next_below(12));
  facts.value_milli = static_cast<std::int64_t>(random.next_below(100'000));
  if (random.next_below(6) == 0) facts.state = model::kRetired;
}

}  // namespace

SimulatedClient::SimulatedClient(ClientKind kind, std::string name, const model::DivisionTree& tree,
                                 base::Random& random)
    : m_kind(kind), m_name(std::move(name)), m_tree(tree), m_random(random) {}

std::string SimulatedClient::some_event(base::UtcTime utc, std::string& id) {
  id = fmt::format("{}", ++m_count);
  model::Event event = test::event(id, fmt::format("i{}", m_random.next_below(kIncidents)),
                                   fmt::format("incident.{}", kTypes[m_random.next_below(std::size(kTypes))]));
  event.source = m_name;
  event.occurred_at = utc - milliseconds(m_random.next_below(60'000));
  event.incident.command = m_kind == ClientKind::Desk;
  if (m_random.next_below(10) == 0) stand_beside(event, m_random);
  if (m_random.next_below(8) == 0) event.incident.class_code = "E04.99";
  if (event.type == "incident.suspended") event.incident.resume_at = utc + milliseconds(m_random.next_below(600'000));
  if (m_random.next_below(4) == 0) event.incident.deadline = utc + milliseconds(m_random.next_below(600'000));
  if (m_kind == ClientKind::Desk && m_random.next_below(3) == 0) event.incident.if_version = m_random.next_below(200);
  if (m_kind == ClientKind::Desk) event.incident.reason = "as_told";
  const auto& divisions = m_tree.divisions();
  switch (m_random.next_below(5)) {
    case 0:  // nothing about the place
      break;
    case 1:
      event = test::coded(event, std::string(divisions[m_random.next_below(divisions.size())].code));
      break;
    default:  // some outside of the district
      event.incident.crs = "EPSG:4326";
      event.incident.point =
          kMiddleLonLat + base::Vec2d{m_random.next_between(-kReach, kReach), m_random.next_between(-kReach, kReach)};
      break;
  }
  return wire::encode_intake_event(event);
}

void SimulatedClient::send(const std::string& payload, Duration now, const Weather& weather) {
  feed::Request request;
  request.envelope = {m_name, ""};
  request.payload = payload;
  up.send(std::move(request), now, weather.request_delay, weather, weather.request_loss, m_random);
}

void SimulatedClient::step(Duration now, base::UtcTime utc, const Weather& weather, bool may_begin) {
  while (const auto answer = down.receive(now)) on_answer(*answer);
  for (auto& [number, message] : m_open) {
    if (now - message.sent_at < kPatience) continue;
    message.sent_at = now;
    send(message.payload, now, weather);
  }
  if (!may_begin) return;
  if (!m_sent.empty() && m_random.next_below(100) == 0) {
    send(m_sent[m_random.next_below(m_sent.size())], now, weather);
  }
  if (m_open.size() >= kOpenMax || m_random.next_unit() >= weather.event_rate) return;
  Message message;
  const std::uint64_t first = m_count;
  std::string events;
  for (std::uint64_t i = 1 + m_random.next_below(3); i > 0; --i) {
    std::string id;
    events += (events.empty() ? "" : ",") + some_event(utc, id);
    message.waiting_ids.insert(id);
  }
  message.payload = "[" + events + "]";
  message.sent_at = now;
  send(message.payload, now, weather);
  m_open.emplace(first, std::move(message));
}

void SimulatedClient::on_answer(const std::string& payload) {
  const auto answers = wire::decode_answers(payload);
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  for (const wire::Answer& answer : *answers) {
    if (m_kind == ClientKind::Stranger && answer.status != wire::AnswerStatus::Refused) ++m_stranger_accepted_count;
    if (answer.reason == "not_stored" || answer.reason == "rate_limited") continue;  // again later
    for (auto open = m_open.begin(); open != m_open.end(); ++open) {
      if (open->second.waiting_ids.erase(answer.id) == 0) continue;
      if (!open->second.waiting_ids.empty()) break;
      if (m_sent.size() == kRememberedMax) m_sent.pop_front();
      m_sent.push_back(std::move(open->second.payload));
      m_open.erase(open);
      ++m_settled_count;
      break;
    }
  }
}

}  // namespace gridwall::hub
