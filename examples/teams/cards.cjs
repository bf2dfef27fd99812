// Reads each card of routes/notifiers/teams/expected with Microsoft's own library and writes it out again. An element, a
// property or a word that Adaptive Cards 1.4 does not have is a finding of its parser, or missing in what comes out.
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");

const folder = process.argv[2];
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
assert(files.length > 0, `no cards in ${folder}`);

let failed = 0;
for (const file of files) {
  const message = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")).body;
  const given = message.attachments[0].content;
  // Teams' own addition: how wide the card is.
  const { msteams, ...card } = given;
  const parsing = new SerializationContext(Versions.v1_4);
  const parsed = new AdaptiveCard();
  parsed.parse(given, parsing);
  const findings = [];
  for (let i = 0; i < parsing.eventCount; i++) findings.push(parsing.getEventAt(i).message);
  for (const event of parsed.validateProperties().validationEvents) findings.push(event.message);
  const { msteams: width, ...again } = parsed.toJSON(new SerializationContext(Versions.v1_4));
  try {
    assert.deepStrictEqual(again, card);
  } catch (difference) {
    findings.push(difference.message);
  }
  console.log(`${findings.length === 0 ? "accepted" : "REFUSED"} ${file} (${card.body.length} blocks)`);
  findings.forEach((finding) => console.log(`  ${finding}`));
  failed += findings.length === 0 ? 0 : 1;
}
process.exit(failed === 0 ? 0 : 1);
