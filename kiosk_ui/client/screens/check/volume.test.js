import assert from "node:assert/strict";
import { test } from "node:test";

import { volumeOf } from "./volume.js";

test("it works: half an hour with picture, or as long as is booked", () => {
  assert.deepEqual(volumeOf(undefined, true, "de"), { minutes: 30, volume: "0,45" });
  assert.deepEqual(volumeOf(60, true, "en"), { minutes: 60, volume: "0.90" });
  assert.deepEqual(volumeOf(30, false, "de"), { minutes: 30, volume: "0,03" });
});
