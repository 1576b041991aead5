#include "model/event.hpp"

namespace gridwall::model {

namespace {

void make_empty(IncidentFacts& facts) {
  for (std::string* text :
       {&facts.incident_id, &facts.class_set, &facts.class_code, &facts.channel, &facts.department,
        &facts.division_code, &facts.crs, &facts.condition, &facts.limit, &facts.reason, &facts.duplicate_of}) {
    text->clear();
  }
  facts.severity.reset();
  facts.point.reset();
  facts.deadline.reset();
  facts.approved.reset();
  facts.resume_at.reset();
  facts.solved_level.reset();
  facts.satisfied.reset();
  facts.command = false;
  facts.if_version.reset();
}

}  // namespace

void make_empty(Event& event) {
  for (std::string* text : {&event.id, &event.source, &event.type, &event.division_path, &event.claimed_code,
                            &event.derived_name, &event.moved_case}) {
    text->clear();
  }
  make_empty(event.incident);
  event.occurred_at = {};
  event.alert = {};
  event.entry = {};
  event.point_lonlat.reset();
  event.point_units.reset();
  event.out_of_order = false;
  event.derived_value = 0;
}

}  // namespace gridwall::model
