import assert from "node:assert/strict";
import test from "node:test";

import { noticeState } from "./notice.js";

test("it is on when the adviser wants it and the browser allows it", () => {
  assert.equal(noticeState(true, "granted"), "on");
  assert.equal(noticeState(false, "granted"), "off");
  assert.equal(noticeState(true, "default"), "off");
});

test("what the browser refuses is said, whatever is wanted", () => {
  assert.equal(noticeState(true, "denied"), "refused");
  assert.equal(noticeState(false, "denied"), "refused");
});
