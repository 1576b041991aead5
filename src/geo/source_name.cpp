#include "geo/source_name.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "geo/text_encoding.hpp"

namespace gridwall::geo {

namespace {

struct Service {
  std::string_view prefix, driver;
};
constexpr Service kServices[] = {
    {"PG:", "PostgreSQL"}, {"postgresql://", "PostgreSQL"}, {"WFS:", "WFS"}, {"OAPIF:", "OAPIF"},
    {"MYSQL:", "MySQL"},   {"MSSQL:", "MSSQLSpatial"},      {"MVT:", "MVT"}};

constexpr std::string_view kSecretKeys[] = {"password", "passwd",  "pwd",    "sslpassword", "token", "access_token",
                                            "authkey",  "api_key", "apikey", "userpwd",     "key",   "tk"};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return upper(a) == upper(b); });
}

bool is_word(char c) {
  return upper(c) >= 'A' && upper(c) <= 'Z';
}

struct Stretch {
  std::size_t begin = 0, end = 0;
};

// Of the value that begins at `begin`: in quotes as libpq takes them, else up to what parts the pairs.
Stretch value_at(std::string_view text, std::size_t begin) {
  if (begin < text.size() && text[begin] == '\'') {
    std::size_t end = begin + 1;
    while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
    return {begin + 1, std::min(end, text.size())};
  }
  const std::size_t end = text.find_first_of(" \t\n&;,", begin);
  return {begin, end == std::string_view::npos ? text.size() : end};
}

// The pass of "://user:pass@host"; empty when there is none.
Stretch password_of_address(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t host_end = std::min(text.find_first_of("/?", scheme + 3), text.size());
  const std::size_t at = text.substr(0, host_end).rfind('@');
  const std::size_t colon = text.find(':', scheme + 3);
  if (at == std::string_view::npos || at < scheme || colon >= at) return {};
  return {colon + 1, at};
}

std::vector<Stretch> secrets_in(std::string_view text) {
  std::vector<Stretch> found;
  if (const Stretch password = password_of_address(text); password.end > password.begin) found.push_back(password);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && (is_word(text[i - 1]) || text[i - 1] == '_')) continue;
    for (const std::string_view key : kSecretKeys) {
      if (!starts_with_ignoring_case(text.substr(i), key)) continue;
      const std::size_t equals = text.find_first_not_of(" \t", i + key.size());
      if (equals == std::string_view::npos || text[equals] != '=') continue;
      const std::size_t begin = std::min(text.find_first_not_of(" \t", equals + 1), text.size());
      if (const Stretch value = value_at(text, begin); value.end > value.begin) found.push_back(value);
    }
  }
  return found;
}

void hide_secrets(const std::string& source, SourceName& name) {
  std::vector<Stretch> secrets = secrets_in(source);
  std::sort(secrets.begin(), secrets.end(), [](Stretch a, Stretch b) { return a.begin < b.begin; });
  std::size_t done = 0;
  for (const Stretch secret : secrets) {
    if (secret.begin < done) continue;
    name.shown += source.substr(done, secret.begin - done) + "***";
    name.secrets.push_back(source.substr(secret.begin, secret.end - secret.begin));
    done = secret.end;
  }
  name.shown += source.substr(done);
  // The same word may stand elsewhere: as the name of the database, say.
  constexpr std::size_t kSecretBytesMin = 4;
  for (const std::string& secret : name.secrets) {
    if (secret.size() < kSecretBytesMin) continue;
    for (auto at = name.shown.find(secret); at != std::string::npos; at = name.shown.find(secret)) {
      name.shown.replace(at, secret.size(), "***");
    }
  }
  name.shown = clean_utf8(name.shown);
}

}  // namespace

std::vector<std::string> secrets_of(std::string_view text) {
  std::vector<std::string> secrets;
  while (!text.empty()) {
    // Piece by piece, so that no value goes on into the next element.
    const std::string_view piece = text.substr(0, text.find_first_of("<>\""));
    for (const Stretch found : secrets_in(piece)) {
      secrets.emplace_back(piece.substr(found.begin, found.end - found.begin));
    }
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
  }
  return secrets;
}

SourceName name_source(const std::string& source) {
  SourceName name;
  std::error_code code;
  if (!source.empty() &&
      std::filesystem::symlink_status(source, code).type() != std::filesystem::file_type::not_found) {
    name.kind = SourceKind::File;
    name.opened = source;
    name.shown = clean_utf8(source);
    return name;
  }
  if (source.starts_with("/vsi")) name.kind = SourceKind::Virtual;
  for (const Service& service : kServices) {
    if (!starts_with_ignoring_case(source, service.prefix)) continue;
    name.kind = SourceKind::Service;
    name.service_driver = service.driver;
  }
  name.opened = source;
  if (name.service_driver == "PostgreSQL") {
    if (!starts_with_ignoring_case(source, "PG:")) name.opened = "PG:" + source;
    const bool is_address = source.find("://") != std::string::npos;
    // libpq waits for ever by itself.
    if (!is_address && source.find("connect_timeout") == std::string::npos) name.opened += " connect_timeout=10";
  }
  hide_secrets(source, name);
  return name;
}

}  // namespace gridwall::geo
