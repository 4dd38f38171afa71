import assert from "node:assert/strict";
import test from "node:test";

import { portions } from "./portions.js";

/** @param {number} count @param {string} text */
function chat(count, text) {
  return Array.from({ length: count }, (_, index) => ({
    line_id: `line-${String(index).padStart(4, "0")}`,
    sender: "client",
    text,
    sent_at: "2026-11-24T09:00:00.000Z",
    pending: true,
  }));
}

test("a short chat is one message, an empty one none", () => {
  const [only, ...others] = portions(chat(3, "Guten Tag"));
  assert.equal(others.length, 0);
  assert.deepEqual(Object.keys(only[0]), ["line_id", "text", "sent_at"]);
  assert.deepEqual(portions([]), []);
});

test("a long chat fits, whole and in order, whatever its letters weigh", () => {
  for (const text of ["x".repeat(2000), "ä".repeat(2000), "\n".repeat(2000), "😀".repeat(1000)]) {
    const lines = chat(120, text);
    const found = portions(lines);
    for (const part of found) {
      const message = JSON.stringify({ type: "offer_chat_again", lines: part });
      assert.ok(new TextEncoder().encode(message).length < 64 * 1024);
    }
    assert.deepEqual(found.flat().map(({ line_id }) => line_id), lines.map(({ line_id }) => line_id));
  }
});
