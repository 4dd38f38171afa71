import assert from "node:assert/strict";
import test from "node:test";

import { helpWords } from "./help.js";

const asked = { since: "2026-11-24T09:00:00Z", answer: "write", called_at: null, staffed: true, lines: [] };
const line = (sender) => ({ line_id: "l", sender, text: "", sent_at: asked.since });

test("whoever asks is told how the answer comes", () => {
  assert.deepEqual(helpWords(asked, false), ["help_is_coming", "help_will_write"]);
  assert.deepEqual(helpWords({ ...asked, answer: "call" }, false), ["help_is_coming", "help_will_call"]);
});

test("whoever waits asks a question and keeps the place", () => {
  const written = { ...asked, lines: [line("client")] };
  assert.deepEqual(helpWords(written, true), ["line_is_there", "line_will_write"]);
  const answered = { ...asked, lines: [line("client"), line("adviser")] };
  assert.deepEqual(helpWords(answered, true), ["help_offered", "line_go_on"]);
});

test("nobody at the desk is said, until somebody has answered", () => {
  assert.equal(helpWords({ ...asked, staffed: false, lines: [line("client")] }, false)[1], "help_nobody");
  assert.equal(helpWords({ ...asked, staffed: false, lines: [line("adviser")] }, false)[0], "help_offered");
});

test("a call and an offer have their own words", () => {
  assert.equal(helpWords({ ...asked, since: null, called_at: asked.since }, false)[0], "help_called");
  assert.equal(helpWords({ ...asked, since: null, lines: [line("adviser")] }, false)[0], "help_offered");
});
