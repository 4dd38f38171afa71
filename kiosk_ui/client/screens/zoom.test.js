import assert from "node:assert/strict";
import test from "node:test";

import { fitted, limited, MOST, scrolled } from "./zoom.js";

test("all of the picture is seen at first, on a phone held upright and on a wide window", () => {
  const picture = { width: 1920, height: 1080 };
  assert.deepEqual(fitted({ width: 390, height: 500 }, picture), { width: 390, height: 219.375 });
  assert.deepEqual(fitted({ width: 1280, height: 540 }, picture), { width: 960, height: 540 });
});

test("before the first frame it is taken for a usual screen", () => {
  const nothing = { width: 0, height: 0 };
  assert.deepEqual(fitted({ width: 160, height: 200 }, nothing), { width: 160, height: 90 });
});

test("never smaller than all of it, never larger than it was sent on a phone", () => {
  assert.deepEqual([0.2, 1, 2.5, 99].map(limited), [1, 1, 2.5, MOST]);
});

test("what lies under the fingers stays there", () => {
  const sizes = { box: 400, before: 400, after: 800 };
  assert.equal(scrolled(sizes, 0, 200), 200, "from the middle");
  assert.equal(scrolled(sizes, 0, 0), 0, "at the edge");
  assert.equal(scrolled(sizes, 0, 400), 400, "at the other edge");
});

test("a picture with bars beside it grows from where it is", () => {
  // 200 wide in a box of 400: its middle is the box's middle.
  assert.equal(scrolled({ box: 400, before: 200, after: 600 }, 0, 200), 100);
  assert.equal(scrolled({ box: 400, before: 600, after: 200 }, 100, 200), 0, "and back");
});
