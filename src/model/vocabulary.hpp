// Vocabulary: the code tables a deployer replaces: incident classes (config/classes/*.toml), channels
// (config/channels.toml), the lifecycle (config/lifecycle.toml). Codes are data, never code; unknown ones are shown
// as they are.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/incident.hpp"
#include "model/lifecycle.hpp"

namespace gridwall::model {

// The outline of a marker, so that class never depends on colour alone.
enum class MarkerShape : std::uint8_t { Circle, Square, Diamond, Triangle, Hexagon, Cross };

struct BigClass {
  std::string code;  // "E04"
  std::string name_zh, name_en;
  MarkerShape shape = MarkerShape::Circle;
};

struct IncidentClass {
  std::string code;  // "E04.06"
  std::string name_zh, name_en;
  Severity severity = Severity::Minor;  // where the event gives none
  double weight = 1;                    // how often it happens, relative; simulator only
  bool sensitive = false;               // dispute, medical, minors: the point snaps to the division's anchor
  bool outdoor_street = true;           // clusters along busy streets; simulator only
};

struct Channel {
  std::string id;
  std::string name_zh, name_en;
  double weight = 1;  // simulator only
  bool is_public = false;  // people report through it: 监督举报率
};

struct Vocabulary {
  std::string class_set;  // edition, e.g. "GB/T 30428.2-2013"
  std::vector<BigClass> big_classes;
  std::vector<IncidentClass> classes;
  std::vector<Channel> channels;
  std::vector<LifecycleRow> lifecycle;

  // Null when unknown.
  [[nodiscard]] const IncidentClass* find_class(std::string_view code) const;
  [[nodiscard]] const BigClass* find_big_class(std::string_view class_code) const;  // "E04.06" or "E04"
  [[nodiscard]] const Channel* find_channel(std::string_view id) const;
  [[nodiscard]] const LifecycleRow* find_event(std::string_view type) const;
};

// Reads classes/<class_set_id>.toml, channels.toml and lifecycle.toml below `config_folder`.
base::Result<Vocabulary> load_vocabulary(const std::filesystem::path& config_folder,
                                         std::string_view class_set_id = "gbt30428");

// One file of it, for those that ask for no more: an edition (class_set, big_classes, classes), the channels.
base::Result<Vocabulary> load_class_set(const std::filesystem::path& file);
base::Result<Vocabulary> load_channels(const std::filesystem::path& file);

struct ProfileTables;

// The vocabulary of one district: the edition that its profile names, and its own classes and channels behind the
// common ones. An own class is sensitive where it says so or is handled like one that is; it has no big class (a round
// marker) unless its code begins with one's, and the simulator makes none of it. Errors: the files', an own code or id
// that the common files have, `like` of no class.
base::Result<Vocabulary> load_vocabulary(const std::filesystem::path& config_folder, const ProfileTables& tables);

}  // namespace gridwall::model
