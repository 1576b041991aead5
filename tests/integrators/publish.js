// Reports one incident: node publish.js tcp://127.0.0.1:5700 CASE-1
const zmq = require("zeromq");

async function report(endpoint, subject) {
  const event = {specversion: "1.0", id: "report-" + subject, source: "/city/12345", type: "incident.reported",
    time: new Date().toISOString(), subject, data: {type: "Feature",
      geometry: {type: "Point", coordinates: [120.28, 31.91]},
      properties: {crs: "EPSG:4326", class: "E04.06", channel: "hotline"}}};
  for (let attempt = 0; attempt < 5; attempt++) { // always the same (source, id): known already is "duplicate"
    const hub = new zmq.Request({receiveTimeout: 10000, linger: 0}); // a REQ without an answer cannot ask again
    hub.connect(endpoint);
    await hub.send(JSON.stringify(event));
    const reply = await hub.receive().catch(() => null);
    hub.close();
    if (reply) return JSON.parse(reply[0]).answers[0];
  }
  return {status: "refused", reason: "no answer"};
}
report(process.argv[2], process.argv[3]).then((answer) => {
  console.log(JSON.stringify(answer)), process.exitCode = answer.status === "refused" ? 1 : 0; });
