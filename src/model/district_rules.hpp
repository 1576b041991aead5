// DistrictRules: everything that says how a district's cases are judged, loaded once by what its profile names: zone,
// calendar, limits, stages, indicators. The vocabulary's lifecycle already has the stages' shortcuts in it.
#pragma once

#include <filesystem>
#include <memory>

#include "base/time_zone.hpp"
#include "model/alert_rules.hpp"
#include "model/indicator_spec.hpp"
#include "model/lifecycle.hpp"
#include "model/limit_rules.hpp"
#include "model/profile.hpp"
#include "model/vocabulary.hpp"
#include "model/work_calendar.hpp"

namespace gridwall::model {

struct DistrictRules {
  base::TimeZone zone;
  WorkCalendar calendar;
  LimitRules limits;
  StageSet stages;
  IndicatorSpec indicators;
  AlertRules alerts;

  [[nodiscard]] CaseRules case_rules() const { return {&limits, &calendar}; }
};

// config/calendars/<calendar>.toml, config/limits/<limits>.toml, config/stages/<stages>.toml and
// config/indicators/<indicators>.toml as `profile.rules` names them, and config/alerts.toml. Takes the stages'
// shortcuts into `vocabulary`.
base::Result<std::shared_ptr<const DistrictRules>> load_district_rules(const std::filesystem::path& config_folder,
                                                                       const Profile& profile, Vocabulary& vocabulary);

}  // namespace gridwall::model
