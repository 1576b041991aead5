#include "model/vocabulary.hpp"

#include <algorithm>

#include "model/config_table.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

namespace {

Result<MarkerShape> read_shape(const ConfigTable& table) {
  TRY_ASSIGN(const std::string name, table.text("shape"));
  constexpr std::string_view kNames[] = {"circle", "square", "diamond", "triangle", "hexagon", "cross"};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (name == kNames[i]) return static_cast<MarkerShape>(i);
  }
  return table.error_at("shape", "one of circle, square, diamond, triangle, hexagon, cross");
}

Status read_classes(const ConfigTable& file, Vocabulary& vocabulary) {
  TRY(file.expect_only({"class_set", "big", "class"}));
  TRY_ASSIGN(vocabulary.class_set, file.text("class_set"));
  TRY_ASSIGN(const auto bigs, file.tables("big"));
  for (const ConfigTable& table : bigs) {
    TRY(table.expect_only({"code", "name_zh", "name_en", "shape"}));
    BigClass big;
    TRY_ASSIGN(big.code, table.text("code"));
    TRY_ASSIGN(big.name_zh, table.text("name_zh"));
    TRY_ASSIGN(big.name_en, table.text("name_en"));
    TRY_ASSIGN(big.shape, read_shape(table));
    if (vocabulary.find_big_class(big.code) != nullptr) return table.error_at("code", "a code not used above");
    vocabulary.big_classes.push_back(std::move(big));
  }
  TRY_ASSIGN(const auto smalls, file.tables("class"));
  for (const ConfigTable& table : smalls) {
    TRY(table.expect_only({"code", "name_zh", "name_en", "severity", "weight", "sensitive", "street"}));
    IncidentClass entry;
    TRY_ASSIGN(entry.code, table.text("code"));
    TRY_ASSIGN(entry.name_zh, table.text("name_zh"));
    TRY_ASSIGN(entry.name_en, table.text("name_en"));
    TRY_ASSIGN(const auto severity, table.integer("severity", 1, 4));
    entry.severity = static_cast<Severity>(severity);
    TRY_ASSIGN(entry.weight, table.number_or("weight", 1, 0, 1e6));
    TRY_ASSIGN(entry.sensitive, table.truth_or("sensitive", false));
    TRY_ASSIGN(entry.outdoor_street, table.truth_or("street", true));
    if (vocabulary.find_big_class(entry.code) == nullptr) {
      return table.error_at("code", "a code that begins with a big class's and a dot");
    }
    if (vocabulary.find_class(entry.code) != nullptr) return table.error_at("code", "a code not used above");
    vocabulary.classes.push_back(std::move(entry));
  }
  return {};
}

Status read_channels(const ConfigTable& file, Vocabulary& vocabulary) {
  TRY(file.expect_only({"channel"}));
  TRY_ASSIGN(const auto tables, file.tables("channel"));
  for (const ConfigTable& table : tables) {
    TRY(table.expect_only({"id", "name_zh", "name_en", "weight", "public"}));
    Channel channel;
    TRY_ASSIGN(channel.id, table.text("id"));
    TRY_ASSIGN(channel.name_zh, table.text("name_zh"));
    TRY_ASSIGN(channel.name_en, table.text("name_en"));
    TRY_ASSIGN(channel.weight, table.number_or("weight", 1, 0, 1e6));
    TRY_ASSIGN(channel.is_public, table.truth_or("public", false));
    vocabulary.channels.push_back(std::move(channel));
  }
  return {};
}

template <typename T, typename Key>
const T* find_by(const std::vector<T>& items, Key T::*member, std::string_view wanted) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const T& item) { return item.*member == wanted; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const IncidentClass* Vocabulary::find_class(std::string_view code) const {
  return find_by(classes, &IncidentClass::code, code);
}

const BigClass* Vocabulary::find_big_class(std::string_view class_code) const {
  return find_by(big_classes, &BigClass::code, class_code.substr(0, class_code.find('.')));
}

const Channel* Vocabulary::find_channel(std::string_view id) const { return find_by(channels, &Channel::id, id); }

const LifecycleRow* Vocabulary::find_event(std::string_view type) const {
  return find_by(lifecycle, &LifecycleRow::type, type);
}

Result<Vocabulary> load_vocabulary(const std::filesystem::path& config_folder, std::string_view class_set_id) {
  Vocabulary vocabulary;
  TRY_ASSIGN(const auto classes,
             ConfigTable::open(config_folder / "classes" / (std::string(class_set_id) + ".toml")));
  TRY(read_classes(classes, vocabulary));
  TRY_ASSIGN(const auto channels, ConfigTable::open(config_folder / "channels.toml"));
  TRY(read_channels(channels, vocabulary));
  TRY_ASSIGN(vocabulary.lifecycle, load_lifecycle(config_folder / "lifecycle.toml"));
  return vocabulary;
}

}  // namespace gridwall::model
