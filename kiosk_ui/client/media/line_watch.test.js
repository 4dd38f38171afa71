import assert from "node:assert/strict";
import test from "node:test";

import { LineWatch } from "./line_watch.js";

globalThis.window = { setInterval: () => 1, clearInterval: () => {}, setTimeout, clearTimeout };

const stats = (lost, received) =>
  new Map([["in", { type: "inbound-rtp", packetsLost: lost, packetsReceived: received }]]);

function watched(connection) {
  const told = [];
  const watch = new LineWatch(connection, (quality) => told.push(quality));
  watch.begin();
  return { watch, told };
}

test("each look judges what has come since the last one", async () => {
  const looks = [stats(0, 500), stats(120, 900), stats(120, 1400)];
  const { watch, told } = watched(() => ({ getStats: async () => looks.shift() }));
  for (let look = 0; look < 3; look += 1) {
    await watch.look();
  }
  assert.deepEqual(told, [null, "good", "weak", "good"]);
});

test("without a connection nothing is known", async () => {
  const { watch, told } = watched(() => null);
  await watch.look();
  assert.deepEqual(told, [null, null]);
});

test("nothing is said after the end", async () => {
  const { watch, told } = watched(() => ({ getStats: async () => stats(0, 500) }));
  const late = watch.look();
  watch.end();
  await late;
  assert.deepEqual(told, [null, null]);
});
