import assert from "node:assert/strict";
import { test } from "node:test";

import { AtVisit, progressOf } from "./at_visit.js";

/** As it stands in a conversation; what is around the page is not needed for that. */
function inConversation() {
  const there = Object.create(AtVisit.prototype);
  const idle = { place: "never", at: (place) => (idle.place = place) };
  const visit = {
    socket: { isOpen: false },
    media: { peer: { state: "lost" } },
    snapshot: { state: "in_session", elsewhere: false },
  };
  return Object.assign(there, { visit, shell: { idle }, reachedAt: 0 });
}

test("a conversation that is cut off for good is asked about, and left alone when it is back", () => {
  const there = inConversation();
  there.look(59_000);
  assert.equal(there.shell.idle.place, "never");
  there.look(61_000);
  assert.equal(there.shell.idle.place, "before");
  there.visit.socket.isOpen = true;
  there.look(66_000);
  assert.equal(there.shell.idle.place, "never");
});

test("while sound and picture get through, the appliance may be away for as long as it wants", () => {
  const there = inConversation();
  there.visit.media.peer.state = "connected";
  there.look(600_000);
  assert.equal(there.shell.idle.place, "never");
});

test("a check that goes on and an answer of the office are signs of life, a live picture is none", () => {
  const check = { step: "camera", findings: [{}] };
  const before = progressOf({ check, help: null });
  assert.equal(progressOf({ check: { ...check, seen: 3 }, help: null }), before);
  assert.notEqual(progressOf({ check: { ...check, step: "speaker" }, help: null }), before);
  assert.notEqual(progressOf({ check, help: { lines: [{ sender: "adviser" }] } }), before);
});
