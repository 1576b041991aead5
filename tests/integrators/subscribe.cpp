// Follows one prefix of the feed: subscribe tcp://127.0.0.1:5701 320281/001/ (on a little-endian machine)
#include <iostream>
#include <regex>
#include <zmq_addon.hpp>
int main(int, char** arguments) {
  zmq::context_t context; zmq::socket_t feed(context, ZMQ_SUB); feed.set(zmq::sockopt::rcvtimeo, 1500);  // ms
  std::string mode = "unknown", head, prefix = arguments[2]; feed.connect(arguments[1]); std::cout << std::unitbuf;
  for (const auto& topic : {prefix, "@hb/" + prefix + "@"}) feed.set(zmq::sockopt::subscribe, topic);
  uint64_t epoch = 0, last = 0, place = 68 + 8 * (std::ranges::count(prefix, '/') + prefix.ends_with('~'));
  auto number = [&](auto at) { uint64_t value = 0; std::memcpy(&value, &head.at(at), 8); return value; };
  auto member = [&](auto name) { std::smatch m; std::regex_search(head, m, std::regex(name)); return m.str(1); };
  for (std::vector<zmq::message_t> parts; ; parts.clear()) {
    if (!zmq::recv_multipart(feed, std::back_inserter(parts))) { std::cout << "stale" << "\n"; continue; }
    const bool beat = parts.size() == 2; head = parts[1].to_string();
    auto now = beat ? std::stoull(member("\"epoch\":\"(\\w+)"), nullptr, 16) : number(24);
    auto newest = beat ? std::stoull(member("\"last_sequence\":(\\d+)")) : number(32);
    if (now != epoch) std::cout << "epoch begins: forget what was before" << "\n";
    else if ((beat ? newest : number(place)) > last) std::cout << "gap after " << last << "\n";
    epoch = now; last = newest; if (beat) mode = member("\"mode\":\"(\\w+)");
    std::cout << (beat ? "heartbeat " : "event ") << mode << " " << last << " " << parts.back().to_string() << "\n"; } }
