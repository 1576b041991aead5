// Follows one prefix of the feed: node subscribe.js tcp://127.0.0.1:5701 320281/001/
const zmq = require("zeromq");
const [endpoint, prefix] = process.argv.slice(2);
const place = 68 + 8 * (prefix.split("/").length - 1 + prefix.endsWith("~")); // of an event's previous sequence
async function follow(feed, epoch = null, last = 0n, mode = "unknown") {
  feed.connect(endpoint);
  feed.subscribe(prefix, `@hb/${prefix}@`);
  while (true) {
    const [topic, head, body] = await feed.receive().catch(() => []);
    if (!topic) { console.log("stale"); continue; }
    const beat = body ? null : JSON.parse(head);
    const now = beat ? BigInt("0x" + beat.epoch) : head.readBigUInt64LE(24);
    const newest = beat ? BigInt(beat.last_sequence) : head.readBigUInt64LE(32);
    if (now !== epoch) console.log("epoch begins: forget what was before");
    else if ((beat ? newest : head.readBigUInt64LE(place)) > last) console.log(`gap after ${last}`);
    [epoch, last, mode] = [now, newest, beat ? beat.mode : mode];
    console.log(beat ? "heartbeat" : "event", mode, String(last), String(body ?? head));
  }
}
follow(new zmq.Subscriber({receiveTimeout: 1500})); // ms; a heartbeat comes every 250
