#include "model/words.hpp"

#include "model/config_table.hpp"

namespace gridwall::model {

namespace {

base::Status collect(const ConfigTable& table, const std::string& prefix,
                     std::unordered_map<std::string, std::string>& texts) {
  for (const std::string& key : table.keys()) {
    if (const auto nested = table.table(key); nested.ok()) {
      TRY(collect(*nested, prefix + key + ".", texts));
    } else {
      TRY_ASSIGN(texts[prefix + key], table.text(key));
    }
  }
  return {};
}

}  // namespace

base::Result<Words> Words::load(const std::filesystem::path& words_folder, Language language) {
  Words words;
  words.m_language = language;
  const char* name = language == Language::Chinese ? "zh.toml" : "en.toml";
  TRY_ASSIGN(const auto file, ConfigTable::open(words_folder / name));
  TRY(collect(file, "", words.m_texts));
  return words;
}

const std::string& Words::get(std::string_view key) const {
  const auto found = m_texts.find(std::string(key));
  if (found != m_texts.end()) return found->second;
  auto& shown = m_missing[std::string(key)];
  if (shown.empty()) shown = fmt::format("⟦{}⟧", key);
  return shown;
}

bool Words::replace(std::string_view key, std::string text) {
  const auto found = m_texts.find(std::string(key));
  if (found == m_texts.end()) return false;
  found->second = std::move(text);
  return true;
}

std::string Words::fill(std::string_view key, std::initializer_list<std::string_view> arguments) const {
  const std::string& pattern = get(key);
  std::string filled;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool is_slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    const auto slot = is_slot ? static_cast<std::size_t>(pattern[i + 1] - '0') : arguments.size();
    if (is_slot && slot < arguments.size()) {
      filled += *(arguments.begin() + slot);
      i += 2;
    } else {
      filled += pattern[i];
    }
  }
  return filled;
}

std::vector<std::string> Words::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, text] : m_texts) names.push_back(key);
  return names;
}

}  // namespace gridwall::model
