import assert from "node:assert/strict";
import test from "node:test";

class Element extends EventTarget {
  textContent = "";
  hidden = false;
  checked = false;
  value = "";
  scrollTop = 0;
  scrollHeight = 0;
  parts = {};
  dataset = {};
  copies = [];

  cloneNode() {
    return new Element();
  }

  after(copy) {
    this.copies.push(copy);
    copy.remove = () => this.copies.splice(this.copies.indexOf(copy), 1);
  }

  querySelector(selector) {
    return (this.parts[selector] ??= new Element());
  }
}

Object.assign(globalThis, {
  HTMLElement: Element,
  HTMLInputElement: Element,
  document: {
    querySelector: (selector) => ({ textContent: /"(.*)"/.exec(selector)[1] + " {name}" }),
  },
});
const { LiveText } = await import("./live_text.js");

/** The panel of a chat, and what was sent from it. */
function panel(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  globalThis.window = globalThis;
  const root = new Element();
  const field = new Element();
  const sent = [];
  let opened = 0;
  const live = new LiveText(root, field, {
    send: (command) => Boolean(sent.push(command)),
    name: () => "Frau Yılmaz",
    open: () => (opened += 1),
  });
  return {
    live,
    sent,
    part: (name) => root.querySelector(`[data-live="${name}"]`),
    opened: () => opened,
    type(words) {
      field.value = words;
      field.dispatchEvent(new Event("input"));
    },
    wait(ms) {
      now += ms;
      t.mock.timers.tick(ms);
    },
  };
}

test("letters go out ten times a second, always all that stands there", (t) => {
  const { live, sent, type, wait } = panel(t);
  live.render(true);
  wait(1_000);
  type("H");
  wait(0);
  assert.deepEqual(sent, [{ type: "write_live", text: "H" }]);
  for (const words of ["Ha", "Hal", "Ha"]) {
    type(words);
    wait(20);
  }
  assert.equal(sent.length, 1);
  wait(50);
  assert.deepEqual(sent[1], { type: "write_live", text: "Ha" });
  wait(500);
  assert.equal(sent.length, 2, "nothing new, nothing sent");
});

test("nothing goes out while it is off", (t) => {
  const { live, sent, type, wait } = panel(t);
  live.render(null);
  type("nur für mich");
  wait(500);
  assert.deepEqual(sent, []);
});

test("what stood there when the other switched it on waits for the next letter", (t) => {
  const { live, sent, type, wait, part, opened } = panel(t);
  type("schon da");
  live.render(true);
  wait(500);
  assert.deepEqual(sent, []);
  assert.equal(opened(), 1, "it is said where it is seen");
  assert.equal(part("note").textContent, "live_text_by Frau Yılmaz live_text_on {name}");
  assert.equal(part("said").textContent, part("note").textContent);
});

test("whoever switches it on is asked by nobody, and what stands there goes out", (t) => {
  const { live, sent, type, wait, part, opened } = panel(t);
  type("schon da");
  part("switch").checked = true;
  part("switch").dispatchEvent(new Event("change"));
  assert.equal(part("switch").checked, false, "it is on when web says so");
  live.render(true);
  wait(200);
  assert.deepEqual(sent, [
    { type: "switch_live_text", on: true },
    { type: "write_live", text: "schon da" },
  ]);
  assert.deepEqual([part("switch").checked, opened()], [true, 0]);
});

test("after a restart of web it is on again", (t) => {
  const { live, sent, part } = panel(t);
  live.render(true);
  live.render(null);
  live.render(null);
  assert.deepEqual(sent, [{ type: "switch_live_text", on: true }]);
  live.render(true);
  assert.equal(part("switch").checked, true);
});

test("the other's letters are shown with their name, and go with the line, or the end", (t) => {
  const { live, part } = panel(t);
  live.render(true);
  live.take({ sender: "adviser", name: "Frau Yılmaz", text: "Gut" });
  const draft = part("draft");
  assert.equal(draft.hidden, false);
  assert.equal(draft.querySelector('[data-slot="who"]').textContent, "live_text_writes Frau Yılmaz");
  assert.equal(draft.querySelector('[data-slot="text"]').textContent, "Gut");
  live.take({ sender: "adviser", name: "Frau Yılmaz", text: "" });
  assert.equal(draft.hidden, true);
  live.take({ sender: "adviser", name: "Frau Yılmaz", text: "Noch" });
  live.render(false);
  assert.equal(draft.hidden, true);
  assert.equal(part("said").textContent, "live_text_off {name}");
});

test("a client's letters wait for the yes that web knows of", (t) => {
  const { live, sent, type, wait, part, opened } = panel(t);
  live.render(true, false);
  type("nur für mich");
  wait(500);
  live.render(null, false);
  live.render(true, false);
  wait(500);
  assert.deepEqual(sent, []);
  assert.deepEqual([part("switch").checked, opened()], [false, 2]);
  assert.equal(part("note").textContent, "live_text_by Frau Yılmaz");
  part("switch").checked = true;
  part("switch").dispatchEvent(new Event("change"));
  wait(500);
  assert.deepEqual(sent, [{ type: "switch_live_text", on: true }]);
  assert.equal(part("switch").checked, false, "it is on when web says so");
  live.render(true, true);
  wait(0);
  assert.deepEqual(sent[1], { type: "write_live", text: "nur für mich" });
  assert.deepEqual([part("switch").checked, part("note").textContent], [true, "live_text_on {name}"]);
  live.render(false, false);
  live.render(true, false);
  type("wieder für mich");
  wait(500);
  assert.equal(sent.length, 2, "each time anew");
});

test("several who write are shown beside each other, each until the own line comes", (t) => {
  const { live, part } = panel(t);
  const words = () => [...live.drafts.values()].map((one) => one.querySelector('[data-slot="text"]').textContent);
  live.render(true);
  live.take({ sender: "adviser", name: "Frau Yılmaz", text: "Ich" });
  live.take({ sender: "joined", member_id: "m1", name: "Dana", text: "Ja" });
  assert.deepEqual(words(), ["Ich", "Ja"]);
  assert.equal(part("draft").copies.length, 1);
  live.finished([{ sender: "joined", name: "Dana" }]);
  assert.deepEqual(words(), ["Ich", ""]);
  live.finished([{ sender: "adviser", name: "Frau Yılmaz" }]);
  assert.deepEqual(words(), ["", ""]);
  live.render(false);
  assert.deepEqual([live.drafts.size, part("draft").copies.length], [0, 0]);
});
