import assert from "node:assert/strict";
import test from "node:test";

import { Peer } from "./peer.js";

test("a track that is never taken holds up no later offer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const peer = new Peer({ onAnswer() {}, onTracks() {}, onState() {} });
  const sender = { track: undefined, replaceTrack: () => new Promise(() => {}) };
  const connection = { transceiver: () => ({ sender }), pc: { signalingState: "stable" } };
  const attached = peer.attach(connection, "camera");
  t.mock.timers.tick(10_000);
  await assert.rejects(attached, { name: "TimeLimit" });
});
