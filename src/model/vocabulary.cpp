#include "model/vocabulary.hpp"

#include <algorithm>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"
#include "model/profile_tables.hpp"

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
  base::Error error = table.error_at("shape", "one of circle, square, diamond, triangle, hexagon, cross");
  if (FindingScope::keep(error)) return MarkerShape::Circle;  // the class is there all the same
  return error;
}

Status read_big_class(const ConfigTable& table, Vocabulary& vocabulary) {
  TRY(table.expect_only({"code", "name_zh", "name_en", "shape"}));
  BigClass big;
  TRY_ASSIGN(big.code, table.text("code"));
  TRY_ASSIGN(big.name_zh, table.text("name_zh"));
  TRY_ASSIGN(big.name_en, table.text("name_en"));
  TRY_ASSIGN(big.shape, read_shape(table));
  if (vocabulary.find_big_class(big.code) != nullptr) return table.error_at("code", "a code not used above");
  vocabulary.big_classes.push_back(std::move(big));
  return {};
}

Status read_class(const ConfigTable& table, Vocabulary& vocabulary) {
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
  return {};
}

Status read_channel(const ConfigTable& table, Vocabulary& vocabulary) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "weight", "public"}));
  Channel channel;
  TRY_ASSIGN(channel.id, table.text("id"));
  TRY_ASSIGN(channel.name_zh, table.text("name_zh"));
  TRY_ASSIGN(channel.name_en, table.text("name_en"));
  TRY_ASSIGN(channel.weight, table.number_or("weight", 1, 0, 1e6));
  TRY_ASSIGN(channel.is_public, table.truth_or("public", false));
  if (vocabulary.find_channel(channel.id) != nullptr) return table.error_at("id", "an id not used above");
  vocabulary.channels.push_back(std::move(channel));
  return {};
}

using RowReading = Status (*)(const ConfigTable&, Vocabulary&);

Status read_rows(const ConfigTable& file, std::string_view name, RowReading read, Vocabulary& vocabulary) {
  TRY_ASSIGN(const auto tables, file.tables(name));
  for (const ConfigTable& table : tables) {
    if (const Status row = read(table, vocabulary); !FindingScope::go_on(row)) return row;
  }
  return {};
}

Status read_classes(const ConfigTable& file, Vocabulary& vocabulary) {
  TRY(file.expect_only({"class_set", "big", "class"}));
  TRY_ASSIGN(vocabulary.class_set, file.text("class_set"));
  TRY(read_rows(file, "big", read_big_class, vocabulary));
  return read_rows(file, "class", read_class, vocabulary);
}

Status read_channels(const ConfigTable& file, Vocabulary& vocabulary) {
  TRY(file.expect_only({"channel"}));
  return read_rows(file, "channel", read_channel, vocabulary);
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

Result<Vocabulary> load_class_set(const std::filesystem::path& file) {
  Vocabulary vocabulary;
  TRY_ASSIGN(const auto table, ConfigTable::open(file));
  TRY(read_classes(table, vocabulary));
  return vocabulary;
}

Result<Vocabulary> load_channels(const std::filesystem::path& file) {
  Vocabulary vocabulary;
  TRY_ASSIGN(const auto table, ConfigTable::open(file));
  TRY(read_channels(table, vocabulary));
  return vocabulary;
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

Result<Vocabulary> load_vocabulary(const std::filesystem::path& config_folder, const ProfileTables& tables) {
  TRY_ASSIGN(Vocabulary vocabulary, load_vocabulary(config_folder, tables.edition));
  const auto complaint = [](std::string_view table, std::string_view id, std::string_view expected) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("profile: [[{}]] \"{}\": expected {}; 'gridwall check' "
                                                               "names file and line", table, id, expected)};
  };
  for (const OwnClass& own : tables.classes) {
    if (vocabulary.find_class(own.code) != nullptr) {
      return complaint("class", own.code, "a code that the edition does not have");
    }
    const IncidentClass* like = own.like.empty() ? nullptr : vocabulary.find_class(own.like);
    if (!own.like.empty() && like == nullptr) return complaint("class", own.code, "like = a class of the edition");
    IncidentClass entry;
    entry.code = own.code;
    entry.name_zh = own.name_zh;
    entry.name_en = own.name_en;
    entry.severity = static_cast<Severity>(own.severity);
    entry.weight = 0;
    entry.sensitive = own.sensitive || (like != nullptr && like->sensitive);
    vocabulary.classes.push_back(std::move(entry));
  }
  for (const OwnChannel& own : tables.channels) {
    if (vocabulary.find_channel(own.id) != nullptr) {
      return complaint("channel", own.id, "an id that config/channels.toml does not have");
    }
    Channel channel;
    channel.id = own.id;
    channel.name_zh = own.name_zh;
    channel.name_en = own.name_en;
    channel.weight = 0;
    channel.is_public = own.is_public;
    vocabulary.channels.push_back(std::move(channel));
  }
  return vocabulary;
}

}  // namespace gridwall::model
