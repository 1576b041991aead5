// One question, one answer, over loopback.
#include "feed/asker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "feed/hub_sockets.hpp"
#include "wire/requests.hpp"

namespace gridwall::feed {
namespace {

using namespace std::chrono_literals;

// A hub's side that answers each question with itself, the one before first: an answer that comes late.
class Echo {
 public:
  Echo() : m_sockets(std::move(HubSockets::bind({})).value()), m_endpoint(m_sockets.requests_endpoint().text()) {
    m_thread = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        m_sockets.wait(2ms);
        while (auto request = m_sockets.receive_request()) {
          if (request->payload == "silence") {
            m_late = std::move(*request);
            continue;
          }
          if (m_late) m_sockets.answer(*m_late, "late");
          m_sockets.answer(*request, "heard " + request->payload);
        }
      }
    });
  }
  [[nodiscard]] const std::string& endpoint() const { return m_endpoint; }

 private:
  HubSockets m_sockets;
  std::string m_endpoint;
  std::optional<Request> m_late;
  std::jthread m_thread;
};

TEST(Asker, brings_back_the_answer_to_the_question_and_no_older_one) {
  const base::SystemClock clock;
  Echo echo;
  auto asker = Asker::connect(echo.endpoint(), clock);
  ASSERT_TRUE(asker.ok());
  const auto first = asker->ask("first", 10s);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(*first, "heard first");
  EXPECT_FALSE(asker->ask("silence", 50ms).ok());
  const auto second = asker->ask("second", 10s);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(*second, "heard second");
}

TEST(Asker, says_that_nobody_answers) {
  const base::SystemClock clock;
  auto asker = Asker::connect("tcp://127.0.0.1:1", clock);
  ASSERT_TRUE(asker.ok());
  const auto answer = asker->ask("anybody?", 60ms);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::Unavailable);
  EXPECT_NE(answer.error().message.find("tcp://127.0.0.1:1"), std::string::npos);
  EXPECT_FALSE(Asker::connect("tcp://192.0.2.1:5700", clock).ok()) << "another machine without a key";
}

}  // namespace
}  // namespace gridwall::feed
