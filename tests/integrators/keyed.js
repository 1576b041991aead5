// Asks a hub with keys who it is: node keyed.js tcp://127.0.0.1:5700 desk-3.key
const zmq = require("zeromq");
const text = require("fs").readFileSync(process.argv[3], "utf8");
const key = Object.fromEntries([...text.matchAll(/(\w+) = "(.*)"/g)].map((found) => found.slice(1)));

const hub = new zmq.Request({receiveTimeout: 10000, linger: 0, curvePublicKey: key.public_key,
  curveSecretKey: key.secret_key, curveServerKey: key.hub_public_key});
hub.connect(process.argv[2]);
hub.send('{"op":"hello"}').then(() => hub.receive()).then(([answer]) => console.log(String(answer)));
