#include "app/recording_content.hpp"

#include <stdlib.h>

#include <algorithm>

#include "app/paths.hpp"
#include "base/text_file.hpp"
#include "model/tree_codec.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kTreeName = "tree";
// Names that the profile file does not say: those of somebody's own layers.
constexpr std::string_view kDistrictName = "district";
constexpr std::string_view kProfileName = "config/profiles/recorded.toml";

fs::path profile_file(const fs::path& root, const std::string& name) {
  if (name.find('/') != std::string::npos || name.ends_with(".toml")) return name;
  return root / "config" / "profiles" / ((name.empty() ? kDefaultProfile : name) + ".toml");
}

// What model::load_vocabulary and load_district_rules read.
std::vector<std::string> config_files(const fs::path& config, const model::RulesSpec& rules) {
  std::vector<std::string> names = {"alerts.toml",
                                    "channels.toml",
                                    "departments.toml",
                                    "lifecycle.toml",
                                    "calendars/" + rules.calendar + ".toml",
                                    "limits/" + rules.limits + ".toml",
                                    "stages/" + rules.stages + ".toml",
                                    "indicators/" + rules.indicators + ".toml"};
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(config / "classes", code)) {
    if (entry.path().extension() == ".toml") names.push_back("classes/" + entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// A folder of this process alone, gone with the object.
class PrivateFolder {
 public:
  static Result<PrivateFolder> make() {
    std::string name = (fs::temp_directory_path() / "gridwall-recorded-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      return Error{ErrorCode::Unavailable, fmt::format("{}: cannot be made; set TMPDIR to a folder of yours", name)};
    }
    return PrivateFolder(name);
  }
  PrivateFolder(PrivateFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder() {
    std::error_code code;
    if (!m_path.empty()) fs::remove_all(m_path, code);
  }
  [[nodiscard]] const fs::path& path() const { return m_path; }

 private:
  explicit PrivateFolder(fs::path path) : m_path(std::move(path)) {}
  fs::path m_path;
};

// Names come from a file of anybody's: nothing may be written outside the folder.
bool is_config_name(std::string_view name) {
  return name.starts_with("config/") && name.ends_with(".toml") && name.find("..") == std::string_view::npos &&
         name.find("//") == std::string_view::npos && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                  c == '-' || c == '_';
         });
}

base::Status extract(journal::Recording& recording, std::size_t segment, const fs::path& folder) {
  TRY_ASSIGN(const auto infos, recording.contents(segment));
  for (const journal::ContentInfo& info : infos) {
    if (!is_config_name(info.name)) continue;
    TRY_ASSIGN(const std::string bytes, recording.content(info.name, segment));
    std::error_code code;
    fs::create_directories((folder / info.name).parent_path(), code);
    TRY(base::write_text_file(folder / info.name, bytes));
  }
  return {};
}

std::string district_lines(const model::Profile& profile) {
  return fmt::format("{}\n{}\n{}\n{}\n", profile.name_zh, profile.name_en, profile.system_zh, profile.system_en);
}

void read_district(std::string_view lines, model::Profile& profile) {
  for (std::string* name : {&profile.name_zh, &profile.name_en, &profile.system_zh, &profile.system_en}) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    *name = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace

Result<std::vector<journal::ContentItem>> collect_content(const WallData& data, const std::string& profile_name) {
  std::vector<journal::ContentItem> items;
  items.push_back({std::string(kTreeName), model::encode_tree(*data.tree)});
  items.push_back({std::string(kDistrictName), district_lines(data.profile)});
  TRY_ASSIGN(std::string profile, base::read_text_file(profile_file(data.root, profile_name)));
  items.push_back({std::string(kProfileName), std::move(profile)});
  const fs::path config = data.root / "config";
  for (const std::string& name : config_files(config, data.profile.rules)) {
    if (!fs::exists(config / name)) continue;
    TRY_ASSIGN(std::string bytes, base::read_text_file(config / name));
    items.push_back({"config/" + name, std::move(bytes)});
  }
  return items;
}

journal::Identity recorded_identity(const WallData& data, const wire::JournalId& journal, bool simulated) {
  journal::Identity identity;
  identity.journal = journal;
  identity.profile = data.profile.id;
  identity.root_path = data.tree->at(data.tree->root()).path;
  identity.tree_hash = data.tree->content_hash();
  identity.zone = data.profile.zone.name();
  identity.simulated = simulated;
  return identity;
}

Result<WallData> load_recorded_data(journal::Recording& recording, std::size_t segment, model::Language language) {
  const fs::path& file = recording.segments()[segment].file;
  const auto told = [&](const Error& error) {
    return Error{error.code, fmt::format("{}, as it was recorded: {}", file.string(), error.message)};
  };
  WallData data;
  TRY_ASSIGN(data.root, find_root());
  TRY_ASSIGN(data.words, model::Words::load(data.root / "assets" / "words", language));
  TRY_ASSIGN(const std::string tree_bytes, recording.content(kTreeName, segment));
  auto tree = model::decode_tree(tree_bytes);
  if (!tree.ok()) return told(tree.error());
  data.tree = std::make_shared<const model::DivisionTree>(std::move(tree).value());
  TRY_ASSIGN(const journal::Identity identity, recording.identity_of(segment));
  if (identity.tree_hash != data.tree->content_hash()) {
    return Error{
        ErrorCode::Malformed,
        fmt::format("{}: the divisions inside are not those that its events were recorded with", file.string())};
  }
  TRY_ASSIGN(const PrivateFolder folder, PrivateFolder::make());
  TRY(extract(recording, segment, folder.path()));
  auto profile = model::load_profile(folder.path() / kProfileName);
  if (!profile.ok()) return told(profile.error());
  data.profile = std::move(profile).value();
  TRY_ASSIGN(const std::string district, recording.content(kDistrictName, segment));
  read_district(district, data.profile);
  auto vocabulary = model::load_vocabulary(folder.path() / "config", data.profile.tables);
  if (!vocabulary.ok()) return told(vocabulary.error());
  auto rules = model::load_district_rules(folder.path() / "config", data.profile, *vocabulary);
  if (!rules.ok()) return told(rules.error());
  data.rules = std::move(rules).value();
  data.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary).value());
  return data;
}

Result<bool> same_content(journal::Recording& recording, std::size_t a, std::size_t b) {
  TRY_ASSIGN(const auto first, recording.contents(a));
  TRY_ASSIGN(const auto second, recording.contents(b));
  return std::equal(first.begin(), first.end(), second.begin(), second.end(),
                    [](const journal::ContentInfo& x, const journal::ContentInfo& y) {
                      return x.name == y.name && x.address == y.address;
                    });
}

}  // namespace gridwall::app
