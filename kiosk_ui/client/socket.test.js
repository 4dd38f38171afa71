import assert from "node:assert/strict";
import test from "node:test";

import { Socket, backoffMs } from "./socket.js";
import { fill } from "./texts.js";

class Line {
  static OPEN = 1;
  static all = [];

  constructor() {
    this.readyState = 0;
    this.sent = [];
    Line.all.push(this);
  }

  opens() {
    this.readyState = Line.OPEN;
    this.onopen();
  }

  says(push) {
    this.onmessage({ data: JSON.stringify(push) });
  }

  send(message) {
    this.sent.push(JSON.parse(message).type);
  }

  close() {
    this.readyState = 2; // and nothing more is heard of a network that has gone
  }
}

/** An open socket, what it has told its page, and its lines. */
function opened(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  t.mock.method(Math, "random", () => 0.5);
  Object.assign(globalThis, {
    WebSocket: Line,
    location: { href: "http://localhost/" },
    addEventListener: () => {},
  });
  Line.all = [];
  const told = [];
  const socket = new Socket("/socket", {
    onPush: (push) => told.push(push.type),
    onOpen: () => told.push("open"),
    onAway: (reason) => told.push(reason),
  });
  socket.open();
  Line.all[0].opens();
  return { told, lines: Line.all };
}

/** Time passes in steps: what a timer starts is due in the next one. */
function pass(t, seconds) {
  for (let step = 0; step < seconds * 4; step += 1) {
    t.mock.timers.tick(250);
  }
}

test("who hears nothing for 10 s gives the socket up and opens another", (t) => {
  const { told, lines } = opened(t);
  pass(t, 11);
  assert.deepEqual(told, ["open"]);
  assert.deepEqual(lines[0].sent, Array(5).fill("alive"));
  pass(t, 1);
  assert.deepEqual(told, ["open", "away"]);
  assert.equal(lines[0].readyState, 2);
  pass(t, 1);
  assert.equal(lines.length, 2);
  lines[1].opens();
  lines[0].says({ type: "snapshot" });
  lines[0].onclose({ code: 1006 });
  pass(t, 9);
  assert.deepEqual(told, ["open", "away", "open"]);
  assert.equal(lines.length, 2);
});

test("any word of web is a sign of life, and its answer is no news for the page", (t) => {
  const { told, lines } = opened(t);
  for (let turn = 0; turn < 5; turn += 1) {
    pass(t, 9);
    lines[0].says({ type: turn % 2 ? "alive" : "heard" });
  }
  assert.deepEqual(told, ["open", "heard", "heard", "heard"]);
  assert.equal(lines.length, 1);
});

test("a page that slept itself asks first", (t) => {
  const { told, lines } = opened(t);
  pass(t, 2);
  for (const clock of [Date, performance]) {
    t.mock.method(clock, "now", () => 1e15); // the clocks went on, no timer did
  }
  pass(t, 2);
  assert.deepEqual(lines[0].sent, ["alive", "alive"]);
  assert.deepEqual(told, ["open"]);
});

test("the first tries are quick, those after half a minute 4 s apart", () => {
  assert.deepEqual([0, 1, 2, 3, 29, 30].map(backoffMs), [250, 500, 1000, 1000, 1000, 4000]);
});

test("sentences are filled, unknown places stay visible", () => {
  assert.equal(fill("Sie warten seit {minutes} Minuten.", { minutes: 3 }), "Sie warten seit 3 Minuten.");
  assert.equal(fill("{name}", {}), "{name}");
});

/** A socket that is opening, and the listeners that it has given to its window. */
function listened(t) {
  const listeners = {};
  const { told, lines } = opened(t);
  globalThis.addEventListener = (name, listener) => (listeners[name] = listener);
  const socket = new Socket("/socket", { onPush() {}, onOpen() {}, onAway: (why) => told.push(why) });
  socket.open();
  const line = lines.at(-1);
  return { line, listeners, lines, told };
}

/** A page whose network has changed, and 3.4 s later. One change comes as several events. */
function changed(t, answers) {
  const { line, listeners, lines, told } = listened(t);
  line.opens();
  for (let event = 0; event < 6; event += 1) {
    listeners.online();
  }
  assert.equal(line.readyState, Line.OPEN);
  t.mock.timers.tick(500);
  if (answers) {
    line.says({ type: "alive" });
  }
  t.mock.timers.tick(2_500);
  t.mock.timers.tick(400);
  return { line, newest: () => lines.at(-1), told };
}

test("after a change of the network an answer is expected at once", (t) => {
  const { line, newest, told } = changed(t, false);
  assert.equal(line.sent.at(-1), "alive");
  assert.equal(told.at(-1), "away");
  assert.notEqual(newest(), line);
});

test("a connection that has outlived the change is kept", (t) => {
  const { line, newest } = changed(t, true);
  assert.equal(newest(), line);
});

test("a socket that opens while the change is being looked at has time", (t) => {
  const { line, listeners, lines } = listened(t);
  listeners.online();
  t.mock.timers.tick(1_900);
  line.opens();
  t.mock.timers.tick(200);
  assert.equal(lines.at(-1), line);
  assert.equal(line.readyState, Line.OPEN);
});
