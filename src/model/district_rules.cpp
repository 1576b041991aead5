#include "model/district_rules.hpp"

#include <fmt/format.h>

namespace gridwall::model {

using base::Result;

namespace {

// What one file of the rules says, with the profile's key before a complaint: whoever reads it may mend either.
template <typename T>
Result<T> named_by(const Profile& profile, std::string_view key, std::string_view name, Result<T> loaded) {
  if (loaded.ok()) return loaded;
  return base::Error{loaded.error().code,
                     fmt::format("profile {}, [rules] {} = \"{}\": {}", profile.id, key, name, loaded.error().message)};
}

std::filesystem::path rules_file(const std::filesystem::path& config_folder, std::string_view folder,
                                 const std::string& name) {
  return config_folder / folder / (name + ".toml");
}

}  // namespace

Result<std::shared_ptr<const DistrictRules>> load_district_rules(const std::filesystem::path& config_folder,
                                                                 const Profile& profile, Vocabulary& vocabulary) {
  const RulesSpec& spec = profile.rules;
  auto rules = std::make_shared<DistrictRules>();
  rules->zone = profile.zone;
  TRY_ASSIGN(rules->calendar,
             named_by(profile, "calendar", spec.calendar,
                      load_work_calendar(rules_file(config_folder, "calendars", spec.calendar), profile.zone)));
  TRY_ASSIGN(rules->limits, named_by(profile, "limits", spec.limits,
                                     load_limit_rules(rules_file(config_folder, "limits", spec.limits), vocabulary)));
  TRY_ASSIGN(rules->stages,
             named_by(profile, "stages", spec.stages,
                      load_stage_set(rules_file(config_folder, "stages", spec.stages), vocabulary.lifecycle)));
  TRY_ASSIGN(rules->indicators,
             named_by(profile, "indicators", spec.indicators,
                      load_indicator_spec(rules_file(config_folder, "indicators", spec.indicators))));
  TRY_ASSIGN(rules->alerts, load_alert_rules(config_folder / "alerts.toml"));
  vocabulary.lifecycle = with_shortcuts(std::move(vocabulary.lifecycle), rules->stages);
  return std::shared_ptr<const DistrictRules>(std::move(rules));
}

}  // namespace gridwall::model
