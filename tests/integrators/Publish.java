// Reports one incident: java -cp jeromq.jar Publish.java tcp://127.0.0.1:5700 CASE-1
import org.zeromq.*;

class Publish {
  public static void main(String[] arguments) {
    String event = """
        {"specversion":"1.0","id":"report-%1$s","source":"/city/12345","type":"incident.reported","time":"%2$s",
         "subject":"%1$s","data":{"type":"Feature","geometry":{"type":"Point","coordinates":[120.28,31.91]},
         "properties":{"crs":"EPSG:4326","class":"E04.06","channel":"hotline"}}}"""
        .formatted(arguments[1], java.time.Instant.now());
    String reply = null;  // always the same (source, id): what the hub has already is answered "duplicate"
    for (int attempt = 0; attempt < 5 && reply == null; attempt++) {
      try (ZContext context = new ZContext()) {  // a new REQ each time: one without an answer cannot ask again
        ZMQ.Socket hub = context.createSocket(ZMQ.REQ);
        hub.setReceiveTimeOut(10_000); hub.connect(arguments[0]); hub.send(event);
        reply = hub.recvStr(); } }
    System.out.println(reply == null ? "no answer" : reply);
    System.exit(reply != null && reply.matches(".*\"status\":\"(accepted|duplicate)\".*") ? 0 : 1); } }
