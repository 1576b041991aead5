// Those who send to the simulated hub: publishers, a desk, and one who may not. Each sends everything again until it
// has an answer, and some of it after that.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "feed/hub_sockets.hpp"
#include "model/division_tree.hpp"
#include "whole_system_net.hpp"

namespace gridwall::hub {

enum class ClientKind : std::uint8_t { Publisher, Desk, Stranger };

class SimulatedClient {
 public:
  SimulatedClient(ClientKind kind, std::string name, const model::DivisionTree& tree, base::Random& random);

  // `utc`: what its events call their time. False in `may_begin`: only what is not answered yet goes out.
  void step(base::Duration now, base::UtcTime utc, const Weather& weather, bool may_begin);
  void on_answer(const std::string& payload);

  // Waits for an answer that settles it.
  [[nodiscard]] std::size_t open_count() const { return m_open.size(); }
  [[nodiscard]] std::size_t settled_count() const { return m_settled_count; }
  [[nodiscard]] std::size_t stranger_accepted_count() const { return m_stranger_accepted_count; }
  [[nodiscard]] const std::string& name() const { return m_name; }

  Channel<feed::Request> up;
  Channel<std::string> down;

 private:
  struct Message {
    std::string payload;
    std::set<std::string> waiting_ids;
    base::Duration sent_at{};
  };
  std::string some_event(base::UtcTime utc, std::string& id);
  void send(const std::string& payload, base::Duration now, const Weather& weather);

  ClientKind m_kind;
  std::string m_name;
  const model::DivisionTree& m_tree;
  base::Random& m_random;
  std::uint64_t m_count = 0;
  std::map<std::uint64_t, Message> m_open;
  std::deque<std::string> m_sent;  // some of what was settled, to be sent again all the same
  std::size_t m_settled_count = 0, m_stranger_accepted_count = 0;
};

}  // namespace gridwall::hub
