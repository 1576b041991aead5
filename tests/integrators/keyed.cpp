// Asks a hub with keys who it is: keyed tcp://127.0.0.1:5700 desk-3.key
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <zmq.hpp>

int main(int, char** arguments) {
  std::map<std::string, std::string> key;
  std::ifstream file(arguments[2]); std::smatch found;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, found, std::regex(R"re((\w+) = "(.*)")re"))) key[found[1]] = found[2]; }
  zmq::context_t context; zmq::socket_t hub(context, ZMQ_REQ); zmq::message_t answer;
  hub.set(zmq::sockopt::curve_publickey, key["public_key"]); hub.set(zmq::sockopt::curve_secretkey, key["secret_key"]);
  hub.set(zmq::sockopt::curve_serverkey, key["hub_public_key"]); hub.set(zmq::sockopt::rcvtimeo, 10'000);
  hub.set(zmq::sockopt::linger, 0); hub.connect(arguments[1]);
  hub.send(zmq::str_buffer(R"({"op":"hello"})"), zmq::send_flags::none);
  if (hub.recv(answer)) std::cout << answer.to_string() << std::endl;
  return answer.empty(); }
