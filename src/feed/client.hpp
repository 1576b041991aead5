// Client: sends events to a hub and brings back its answers. A message without an answer is sent again until it is
// given up; the hub's dedupe makes that harmless. What the hub answers "rate_limited" to is sent again a little later.
// Never waits except in poll(); bounded: at most `in_flight_max` messages are kept. One thread.
// Test: tests/unit/feed/client_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"
#include "feed/connection_state.hpp"
#include "wire/answers.hpp"

namespace gridwall::feed {

struct ClientOptions {
  base::Duration resend_after = std::chrono::seconds(5);
  base::Duration give_up_after = std::chrono::seconds(30);  // zero: never
  base::Duration rate_pause = std::chrono::milliseconds(200);
  std::size_t in_flight_max = 64;
  ConnectSecurity security{};
};

struct Answered {
  std::uint64_t number = 0;           // what send() returned
  bool answered = true;               // false: given up, or the answer could not be read
  std::string problem;                // then: why
  std::vector<wire::Answer> answers;  // one for each element of the message
};

class Client {
 public:
  // A hub that is not there or refuses us is no error: messages wait for it. Errors: an endpoint that is none, or
  // another machine without keys.
  // `clock` must outlive the client.
  static base::Result<Client> connect(std::string_view request_endpoint, const base::Clock& clock,
                                      const ClientOptions& options = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  [[nodiscard]] bool has_room() const;
  [[nodiscard]] std::size_t in_flight_count() const;
  // As of the last poll().
  [[nodiscard]] const ConnectionStatus& connection() const;
  // One event or an array, as wire::encode_intake_event writes it. Asserts that there is room.
  std::uint64_t send(std::string message);
  // Sends what is due, waits up to `patience` for an answer, returns all that came.
  std::vector<Answered> poll(base::Duration patience);

 private:
  struct Link;
  explicit Client(std::unique_ptr<Link> link);
  std::unique_ptr<Link> m_link;
};

}  // namespace gridwall::feed
