// Follows one prefix of the feed: java -cp jeromq.jar Subscribe.java tcp://127.0.0.1:5701 320281/001/
import org.zeromq.*;
class Subscribe {
  static String member(String json, String name) { return json.replaceFirst(".*\"" + name + "\":\"?(\\w+).*", "$1"); }
  public static void main(String[] arguments) {
    ZMQ.Socket feed = new ZContext().createSocket(ZMQ.SUB); feed.setReceiveTimeOut(1500);  // ms
    String prefix = arguments[1], mode = "unknown"; feed.connect(arguments[0]);
    for (String topic : new String[] {prefix, "@hb/" + prefix + "@"}) feed.subscribe(topic.getBytes());
    int place = 68 + 8 * (prefix.split("/", -1).length - 1 + (prefix.endsWith("~") ? 1 : 0));
    for (long epoch = 0, last = 0; ; ) {  // no epoch is 0
      ZMsg parts = ZMsg.recvMsg(feed); if (parts == null) { System.out.println("stale"); continue; }
      byte[] head = parts.toArray(new ZFrame[0])[1].getData(); boolean beat = parts.size() == 2;
      String json = new String(parts.getLast().getData(), java.nio.charset.StandardCharsets.UTF_8);
      var header = java.nio.ByteBuffer.wrap(head).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      long now = beat ? Long.parseUnsignedLong(member(json, "epoch"), 16) : header.getLong(24);
      long newest = beat ? Long.parseLong(member(json, "last_sequence")) : header.getLong(32);
      if (now != epoch) System.out.println("epoch begins: forget what was before");
      else if ((beat ? newest : header.getLong(place)) > last) System.out.println("gap after " + last);
      epoch = now; last = newest; if (beat) mode = member(json, "mode");
      System.out.println((beat ? "heartbeat " : "event ") + mode + " " + last + " " + json); } } }
