// Words: every text of the wall by key, from assets/words/<language>.toml. None stands in code.
// A key that a file lacks shows as the key itself between ⟦⟧, and a test compares the languages' keys.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/view.hpp"

namespace gridwall::model {

class Words {
 public:
  // Reads zh.toml or en.toml of the folder; keys of nested tables are joined by dots: "header.live".
  static base::Result<Words> load(const std::filesystem::path& words_folder, Language language);

  [[nodiscard]] const std::string& get(std::string_view key) const;
  // Replaces {0}, {1} ... of the text by the arguments.
  [[nodiscard]] std::string fill(std::string_view key, std::initializer_list<std::string_view> arguments) const;
  // Another text for a key that is there; false: it is not, and nothing changed.
  bool replace(std::string_view key, std::string text);
  [[nodiscard]] bool has(std::string_view key) const { return m_texts.contains(std::string(key)); }
  [[nodiscard]] Language language() const { return m_language; }
  [[nodiscard]] std::vector<std::string> keys() const;

  // The one of two names that belongs to the language.
  [[nodiscard]] const std::string& pick(const std::string& zh, const std::string& en) const {
    return m_language == Language::Chinese || en.empty() ? zh : en;
  }

 private:
  Language m_language = Language::Chinese;
  std::unordered_map<std::string, std::string> m_texts;
  mutable std::unordered_map<std::string, std::string> m_missing;  // main thread only
};

}  // namespace gridwall::model
