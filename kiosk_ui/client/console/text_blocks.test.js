import assert from "node:assert/strict";
import test from "node:test";

import { joined } from "./text_blocks.js";

test("a text goes behind what was typed, and never beyond what fits", () => {
  assert.equal(joined("", "Guten Tag.", 100), "Guten Tag.");
  assert.equal(joined("Frau Öztürk, ", "einen Moment bitte.", 100), "Frau Öztürk, einen Moment bitte.");
  assert.equal(joined("abc", "defgh", 6), "abc de");
});
