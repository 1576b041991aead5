// GdalSession: GDAL's own complaints go here and never to stderr, for the life of the object and this thread (those
// of GDAL's own threads to the log); secrets are struck out of them. Servers get bounded patience, and files no network
// at all when it is forbidden. Registers the drivers once for the process. Private to this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gridwall::geo {

class GdalSession {
 public:
  GdalSession();
  ~GdalSession();
  GdalSession(const GdalSession&) = delete;
  GdalSession& operator=(const GdalSession&) = delete;

  [[nodiscard]] bool failed() const { return m_failed; }
  // The first failure on one line (the first warning when none failed), empty when GDAL was content.
  [[nodiscard]] const std::string& message() const { return m_failed ? m_failure : m_warning; }
  // ": " and the message, or nothing: for the end of a sentence.
  [[nodiscard]] std::string reason() const { return message().empty() ? std::string() : ": " + message(); }
  void clear();

  // From now on `shown` stands in every message where `secret` would.
  void hide(std::string secret, std::string shown = "***");
  // From now on no address that a file names is asked. For sources that are files; kept until the end.
  void forbid_network();
  // Servers get a few seconds from now on: for what can be asked again later and must not hold up the end.
  void shorten_patience();

 private:
  struct Relay;  // the C callback, which needs the private part
  friend struct Relay;
  struct Secret {
    std::string secret, shown;
  };
  // A setting of this thread; the one that the environment gives wins unless `always`.
  void set(const char* key, const char* value, bool always = false);

  bool m_failed = false;
  std::string m_failure, m_warning;
  std::vector<Secret> m_secrets;
  std::vector<const char*> m_settings;
};

std::string gdal_version();

}  // namespace gridwall::geo
