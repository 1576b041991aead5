#include "model/profile_names.hpp"

namespace gridwall::model {

Vocabulary with_own_names(Vocabulary common, const ProfileTables& tables) {
  for (const OwnClass& own : tables.classes) {
    if (common.find_class(own.code) != nullptr) continue;
    if (common.find_big_class(own.code) == nullptr) {
      const std::string big = own.code.substr(0, own.code.find('.'));
      common.big_classes.push_back({big, big, big, MarkerShape::Cross});
    }
    IncidentClass shown;
    shown.code = own.code;
    shown.name_zh = own.name_zh;
    shown.name_en = own.name_en;
    shown.severity = static_cast<Severity>(own.severity);
    shown.sensitive = own.sensitive;
    shown.weight = 0;
    common.classes.push_back(std::move(shown));
  }
  for (const OwnChannel& own : tables.channels) {
    if (common.find_channel(own.id) != nullptr) continue;
    common.channels.push_back({own.id, own.name_zh, own.name_en, 0, own.is_public});
  }
  return common;
}

Departments with_own_names(Departments common, const ProfileTables& tables) {
  for (const OwnDepartment& own : tables.departments) {
    if (common.find(own.id) == nullptr) common.all.push_back({own.id, own.name_zh, own.name_en, {}});
  }
  return common;
}

std::vector<std::string> override_words(Words& words, const ProfileTables& tables) {
  std::vector<std::string> unknown;
  for (const WordSpec& word : tables.words) {
    if (!words.replace(word.key, words.pick(word.zh, word.en))) unknown.push_back(word.key);
  }
  return unknown;
}

}  // namespace gridwall::model
