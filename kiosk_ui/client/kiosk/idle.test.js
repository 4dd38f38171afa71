import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Idle, judgeIdle } from "./idle.js";

const LIMITS = { questionMs: 60_000, wipeMs: 30_000 };
let told = [];
let idle;

beforeEach(() => {
  told = [];
  globalThis.addEventListener = () => {};
  globalThis.setInterval = () => 0;
  const events = {
    onAsk: (leftS) => told.push(leftS),
    onHere: () => told.push("here"),
    onGone: () => told.push("gone"),
  };
  idle = new Idle({ before: LIMITS, waiting: { questionMs: 600_000, wipeMs: 120_000 } }, events);
});

test("a question at 60 s, with a countdown of 30 s", () => {
  assert.deepEqual(judgeIdle(59_999, LIMITS), { asks: false, leftS: 31 });
  assert.deepEqual(judgeIdle(60_000, LIMITS), { asks: true, leftS: 30 });
  assert.deepEqual(judgeIdle(89_999, LIMITS), { asks: true, leftS: 1 });
  assert.deepEqual(judgeIdle(90_000, LIMITS), { asks: true, leftS: 0 });
});

test("nobody answers, and it is over once", () => {
  idle.at("before");
  for (const afterMs of [59_000, 61_000, 91_000, 200_000]) {
    idle.tick(idle.since + afterMs);
  }
  assert.deepEqual(told, [29, "gone"]);
});

test("who answers begins anew", () => {
  idle.at("before");
  idle.tick(idle.since + 61_000);
  idle.here();
  idle.tick(idle.since + 59_000);
  assert.deepEqual(told, [29, "here"]);
});

test("who needs longer gets it on this screen, and the usual time on the next one", () => {
  idle.at("before");
  idle.longer();
  idle.here(); // a touch takes nothing of it away
  idle.tick(idle.since + 179_000);
  assert.deepEqual(told, []);
  idle.another();
  idle.tick(idle.since + 61_000);
  assert.deepEqual(told, [29]);
});

test("in the waiting room there is time, in a conversation it never ends", () => {
  idle.at("waiting");
  idle.tick(idle.since + 599_000);
  idle.tick(idle.since + 601_000);
  idle.at("never");
  idle.tick(idle.since + 10_000_000);
  assert.deepEqual(told, [119, "here"]);
});
