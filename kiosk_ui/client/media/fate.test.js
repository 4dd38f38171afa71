import assert from "node:assert/strict";
import test from "node:test";

import { follow } from "./fate.js";

/** A track as far as its fate goes. */
class Track extends EventTarget {
  muted = false;
  readyState = "live";

  /** @param {boolean} muted */
  turn(muted) {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
}

/** @param {import("node:test").TestContext} t */
function followed(t, hidden = () => false) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const track = new Track();
  /** @type {string[]} */
  const told = [];
  const say = (/** @type {string} */ word) => () => told.push(word);
  follow(track, { ended: say("ended"), taken: say("taken"), given: say("given") }, hidden);
  return { track, told };
}

test("taken away after more than two seconds, and given back", (t) => {
  const { track, told } = followed(t);
  track.turn(true);
  t.mock.timers.tick(1_900);
  assert.deepEqual(told, []);
  t.mock.timers.tick(200);
  assert.deepEqual(told, ["taken"]);
  track.turn(false);
  assert.deepEqual(told, ["taken", "given"]);
});

test("a short silence is nobody's fault", (t) => {
  const { track, told } = followed(t);
  track.turn(true);
  t.mock.timers.tick(1_500);
  track.turn(false);
  t.mock.timers.tick(5_000);
  assert.deepEqual(told, []);
});

test("a hidden page is not told until it is back", (t) => {
  let hidden = true;
  const { track, told } = followed(t, () => hidden);
  track.turn(true);
  t.mock.timers.tick(10_000);
  assert.deepEqual(told, []);
  hidden = false;
  t.mock.timers.tick(2_000);
  assert.deepEqual(told, ["taken"]);
});

test("what has ended is not taken as well", (t) => {
  const { track, told } = followed(t);
  track.turn(true);
  track.readyState = "ended";
  track.dispatchEvent(new Event("ended"));
  t.mock.timers.tick(5_000);
  assert.deepEqual(told, ["ended"]);
});
