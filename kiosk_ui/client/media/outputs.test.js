import assert from "node:assert/strict";
import test from "node:test";

import { inTurn } from "./outputs.js";

const LISTED = [
  { deviceId: "default", groupId: "g1" },
  { deviceId: "communications", groupId: "g2" },
  { deviceId: "speakers", groupId: "g1" },
  { deviceId: "headset", groupId: "g2" },
  { deviceId: "screen", groupId: "g3" },
];
const ids = (usedId, listed = LISTED) => inTurn(listed, usedId).map(({ deviceId }) => deviceId);

test("every other output once, not the system's choice that was silent", () => {
  assert.deepEqual(ids(""), ["headset", "screen"]);
  assert.deepEqual(ids("default"), ["headset", "screen"]);
});

test("not the chosen one again", () => {
  assert.deepEqual(ids("headset"), ["speakers", "screen"]);
});

test("a chosen one that is gone leaves all", () => {
  assert.deepEqual(ids("unplugged"), ["speakers", "headset", "screen"]);
});

test("where nothing is listed, nothing can be tried", () => {
  assert.deepEqual(ids("", []), []);
});

test("browsers without groups lose none", () => {
  const bare = LISTED.map(({ deviceId }) => ({ deviceId, groupId: "" }));
  assert.deepEqual(ids("", bare), ["speakers", "headset", "screen"]);
});
