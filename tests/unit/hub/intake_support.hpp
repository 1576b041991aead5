// What the hub's tests share: a small vocabulary, events by hand, points in metres from the small tree's origin.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/vocabulary.hpp"
#include "support/plain_rules.hpp"
#include "support/small_tree.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::test {

inline constexpr base::UtcTime kHubNow{std::chrono::hours(490'000)};

inline std::shared_ptr<const model::Vocabulary> small_vocabulary() {
  using model::CaseState;
  model::Vocabulary vocabulary;
  vocabulary.big_classes = {{"E04", "街面秩序", "Street", model::MarkerShape::Circle}};
  vocabulary.classes.resize(2);
  vocabulary.classes[0].code = "E04.06";
  vocabulary.classes[1].code = "E04.99";
  vocabulary.classes[1].sensitive = true;
  vocabulary.lifecycle = {
      {"incident.reported", {}, CaseState::Reported, "", ""},
      {"incident.filed", {CaseState::Reported}, CaseState::Filed, "", ""},
      {"incident.closed", {CaseState::Filed}, CaseState::Closed, "", ""},
  };
  return std::make_shared<const model::Vocabulary>(std::move(vocabulary));
}

inline model::Event event(const std::string& id, const std::string& incident_id,
                          const std::string& type = "incident.reported") {
  model::Event event;
  event.id = id;
  event.source = "city";
  event.type = type;
  event.occurred_at = kHubNow;
  event.incident.incident_id = incident_id;
  event.incident.class_code = "E04.06";
  return event;
}

// `dx_m`, `dy_m`: from the middle of the small tree.
inline model::Event at(model::Event event, double dx_m, double dy_m) {
  event.incident.crs = "EPSG:4549";
  event.incident.point = base::Vec2d{500'000 + dx_m, 3'500'000 + dy_m};
  return event;
}

inline model::Event coded(model::Event event, const std::string& code) {
  event.incident.division_code = code;
  return event;
}

}  // namespace gridwall::test
