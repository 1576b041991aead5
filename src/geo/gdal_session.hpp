// GdalSession: GDAL's own complaints go here and never to stderr, for the life of the object and this thread.
// Registers the drivers once for the process. Private to this room.
#pragma once

#include <string>

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
  void clear();

 private:
  struct Relay;  // the C callback, which needs the private part
  friend struct Relay;
  bool m_failed = false;
  std::string m_failure, m_warning;
};

}  // namespace gridwall::geo
