// Reports one incident: publish tcp://127.0.0.1:5700 CASE-1 2026-11-22T09:30:00+08:00
#include <iostream>
#include <zmq.hpp>

int main(int, char** arguments) {
  const std::string subject = arguments[2], time = arguments[3];
  const std::string event = R"({"specversion":"1.0","id":"report-)" + subject + R"(","source":"/city/12345",
    "type":"incident.reported","time":")" + time + R"(","subject":")" + subject + R"(","data":{"type":"Feature",
    "geometry":{"type":"Point","coordinates":[120.28,31.91]},
    "properties":{"crs":"EPSG:4326","class":"E04.06","channel":"hotline"}}})";
  zmq::context_t context;
  zmq::message_t reply;
  for (int attempt = 0; attempt < 5 && reply.empty(); ++attempt) {
    zmq::socket_t hub(context, ZMQ_REQ);  // a new one each time: a REQ without an answer cannot ask again
    hub.set(zmq::sockopt::rcvtimeo, 10'000); hub.set(zmq::sockopt::linger, 0); hub.connect(arguments[1]);
    hub.send(zmq::buffer(event), zmq::send_flags::none);  // always the same (source, id)
    if (!hub.recv(reply)) std::cerr << "no answer yet\n";
  }
  std::cout << reply.to_string() << std::endl;
  return reply.empty() || reply.to_string().find(R"("status":"refused")") != std::string::npos; }
