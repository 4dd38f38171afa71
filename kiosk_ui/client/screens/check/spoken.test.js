import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeSpoken } from "./spoken.js";

const LEFT = { word: "left", spoken: "", heldMs: 2_000, quietMs: 5_000 };

test("advice that holds is said once", () => {
  assert.equal(mayBeSpoken(LEFT), true);
  assert.equal(mayBeSpoken({ ...LEFT, spoken: "left" }), false);
});

test("what changes all the time is not said", () => {
  assert.equal(mayBeSpoken({ ...LEFT, heldMs: 1_999 }), false);
  assert.equal(mayBeSpoken({ ...LEFT, quietMs: 4_999 }), false);
});

test("good is news only after something was not", () => {
  assert.equal(mayBeSpoken({ ...LEFT, word: "good" }), false);
  assert.equal(mayBeSpoken({ ...LEFT, word: "good", spoken: "left" }), true);
});
