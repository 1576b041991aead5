// Asker: one question to a hub's request socket and its answer, for commands that a person waits for: status, control
// of a replay. Whoever sends events uses feed/client.hpp, which sends again; a question may be asked anew by who asked.
// One thread. Test: tests/unit/feed/asker_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"

namespace gridwall::feed {

class Asker {
 public:
  // A hub that is not there is no error yet. Errors: an endpoint that is none, or another machine without keys.
  // `clock` must outlive the asker.
  static base::Result<Asker> connect(std::string_view request_endpoint, const base::Clock& clock,
                                     const ConnectSecurity& security = {});
  Asker(Asker&&) noexcept;
  Asker& operator=(Asker&&) noexcept;
  ~Asker();

  // The answer's bytes. Answers to earlier questions are passed over. Errors: Unavailable, none came in time; Refused,
  // the hub does not let us in (its reason).
  base::Result<std::string> ask(std::string_view question, base::Duration patience);

 private:
  struct Link;
  explicit Asker(std::unique_ptr<Link> link);
  std::unique_ptr<Link> m_link;
};

}  // namespace gridwall::feed
