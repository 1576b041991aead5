#include "feed/client.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "feed/connection_watch.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

using base::Duration;
using base::MonoTime;
using base::Result;

namespace {

constexpr int kLingerMs = 200;
// The hub is full, or cannot write: nothing is wrong with the message, and the hub says to send it again later. (Of one
// that was taken in part, what was accepted is a duplicate then.)
bool is_to_be_sent_again(const std::vector<wire::Answer>& answers) {
  return std::any_of(answers.begin(), answers.end(), [](const wire::Answer& answer) {
    return answer.status == wire::AnswerStatus::Refused &&
           (answer.reason == "rate_limited" || answer.reason == "not_stored");
  });
}

}  // namespace

struct Client::Link {
  struct Pending {
    std::string message;
    MonoTime first_sent_at{};
    MonoTime due_at{};  // to be sent, again, from then on
  };

  Link(const base::Clock& clock_, const ClientOptions& options_) : clock(clock_), options(options_) {}

  void send_due(MonoTime now);
  void receive_all(std::vector<Answered>& out, MonoTime now);
  void give_up(std::vector<Answered>& out, MonoTime now);
  [[nodiscard]] Duration until_due(MonoTime now, Duration patience) const;

  const base::Clock& clock;
  ClientOptions options;
  zmq::context_t context{1};
  std::optional<ZmqSocket> socket;
  std::optional<ConnectionWatch> watch;
  std::map<std::uint64_t, Pending> pending;  // by number: sent again in order
  std::uint64_t last_number = 0;
};

void Client::Link::send_due(MonoTime now) {
  for (auto& [number, entry] : pending) {
    if (entry.due_at > now) continue;
    const std::string tag = std::to_string(number);
    const std::array<std::string_view, 3> parts{tag, std::string_view{}, entry.message};
    // No connection yet, or its queue is full: the rest waits too, in order.
    if (socket->send(parts) != SendOutcome::Sent) return;
    entry.due_at = now + options.resend_after;
  }
}

void Client::Link::receive_all(std::vector<Answered>& out, MonoTime now) {
  while (const auto parts = socket->receive()) {
    if (parts->size() != 3) continue;
    const std::string_view tag = view(parts->front());
    std::uint64_t number = 0;
    std::from_chars(tag.data(), tag.data() + tag.size(), number);
    const auto found = pending.find(number);
    if (found == pending.end()) continue;  // the answer to an earlier sending of the same message
    auto answers = wire::decode_answers(view(parts->back()));
    Answered answered;
    answered.number = number;
    if (!answers.ok()) {
      answered.answered = false;
      answered.problem = answers.error().message;
    } else if (is_to_be_sent_again(*answers)) {
      found->second.due_at = now + options.rate_pause;
      continue;
    } else {
      answered.answers = std::move(*answers);
    }
    pending.erase(found);
    out.push_back(std::move(answered));
  }
}

void Client::Link::give_up(std::vector<Answered>& out, MonoTime now) {
  if (options.give_up_after <= Duration::zero()) return;
  const bool refused = watch->status().state == ConnectionState::Refused;
  std::erase_if(pending, [&](const auto& entry) {
    if (now - entry.second.first_sent_at < options.give_up_after) return false;
    const auto waited_s = std::chrono::duration_cast<std::chrono::seconds>(options.give_up_after).count();
    std::string problem =
        refused ? watch->status().reason : fmt::format("no answer from the hub within {} s; is it running?", waited_s);
    out.push_back({entry.first, false, std::move(problem), {}});
    return true;
  });
}

Duration Client::Link::until_due(MonoTime now, Duration patience) const {
  // Without a connection everything stays due: look again soon, but do not spin.
  constexpr Duration kLookAgain = std::chrono::milliseconds(20);
  for (const auto& [number, entry] : pending) {
    patience = std::min(patience, std::max<Duration>(entry.due_at - now, kLookAgain));
  }
  return patience;
}

Client::Client(std::unique_ptr<Link> link) : m_link(std::move(link)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::connect(std::string_view request_endpoint, const base::Clock& clock,
                               const ClientOptions& options) {
  TRY_ASSIGN(const Endpoint endpoint,
             parse_endpoint(request_endpoint, EndpointUse::Connect, protection_of(options.security)));
  auto link = std::make_unique<Link>(clock, options);
  SocketLimits limits;
  limits.linger_ms = kLingerMs;
  TRY_ASSIGN(link->socket, ZmqSocket::open(link->context, zmq::socket_type::dealer, limits));
  link->socket->set(ZMQ_IMMEDIATE, 1);  // what is sent goes to a hub, not into a queue for one
  TRY(prove_by(*link->socket, options.security));
  TRY_ASSIGN(link->watch, ConnectionWatch::connect(link->context, *link->socket, endpoint, options.security));
  return Client(std::move(link));
}

bool Client::has_room() const {
  return m_link->pending.size() < m_link->options.in_flight_max;
}
std::size_t Client::in_flight_count() const {
  return m_link->pending.size();
}
const ConnectionStatus& Client::connection() const {
  return m_link->watch->status();
}

std::uint64_t Client::send(std::string message) {
  ASSERT(has_room(), "{} messages are in flight", in_flight_count());
  const MonoTime now = m_link->clock.now_mono();
  const std::uint64_t number = ++m_link->last_number;
  m_link->pending.emplace(number, Link::Pending{std::move(message), now, now});
  m_link->send_due(now);
  return number;
}

std::vector<Answered> Client::poll(Duration patience) {
  std::vector<Answered> answered;
  MonoTime now = m_link->clock.now_mono();
  m_link->watch->poll(*m_link->socket, now);
  m_link->send_due(now);
  m_link->receive_all(answered, now);
  if (answered.empty() && patience > Duration::zero()) {
    const std::array handles{m_link->socket->handle(), m_link->watch->handle()};
    wait_readable(handles, m_link->watch->patience(now, m_link->until_due(now, patience)));
    now = m_link->clock.now_mono();
    m_link->watch->poll(*m_link->socket, now);
    m_link->send_due(now);
    m_link->receive_all(answered, now);
  }
  m_link->give_up(answered, now);
  return answered;
}

}  // namespace gridwall::feed
