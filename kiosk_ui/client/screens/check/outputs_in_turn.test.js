import assert from "node:assert/strict";
import test from "node:test";

import { Element } from "./paper_page.js";

const kept = { text: "{}" };
Object.assign(globalThis, {
  HTMLElement: Element,
  HTMLSelectElement: class {},
  HTMLMediaElement: class {
    setSinkId() {}
  },
  document: new Element(),
  localStorage: { getItem: () => kept.text, setItem: (_, text) => (kept.text = text) },
});

const { OutputsInTurn } = await import("./outputs_in_turn.js");

function begun({ outputs = ["speakers", "headset", "screen"], broken = [] } = {}) {
  kept.text = "{}";
  const listed = ["default", ...outputs].map((deviceId) => ({
    kind: "audiooutput",
    deviceId,
    groupId: deviceId === "default" ? "speakers" : deviceId,
    label: deviceId,
  }));
  const mediaDevices = { enumerateDevices: async () => (outputs.length ? listed : []) };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
  const seen = { used: [], spoken: 0, none: [] };
  const useOutput = async (id) => {
    seen.used.push(id);
    return !broken.includes(id);
  };
  const panel = new Element();
  const turn = new OutputsInTurn(panel, { sound: { useOutput } }, {
    speak: () => (seen.spoken += 1),
    none: (any) => seen.none.push(any),
  });
  return { turn, seen, box: panel.querySelector('[data-slot="try-output"]') };
}

const chosen = () => JSON.parse(kept.text).speaker;

test("the number is spoken on the next output until it is heard there", async () => {
  const { turn, seen, box } = begun();
  await turn.next();
  assert.deepEqual([seen.used, seen.spoken, box.hidden], [["headset"], 1, false]);
  await turn.next();
  turn.keep();
  assert.deepEqual([seen.used, seen.spoken], [["headset", "screen"], 2]);
  assert.deepEqual([chosen(), box.hidden, seen.none], ["screen", true, []]);
});

test("heard nowhere: back to the first, and a finding", async () => {
  const { turn, seen } = begun();
  await turn.next();
  await turn.next();
  await turn.next();
  assert.deepEqual(seen.used, ["headset", "screen", ""]);
  assert.deepEqual([seen.none, chosen()], [[true], undefined]);
});

test("an output that cannot be used is passed over", async () => {
  const { turn, seen } = begun({ broken: ["headset"] });
  await turn.next();
  assert.deepEqual([seen.used, seen.spoken], [["headset", "screen"], 1]);
});

test("with one output there is a finding at once", async () => {
  const { turn, seen } = begun({ outputs: ["speakers"] });
  await turn.next();
  assert.deepEqual([seen.used, seen.none], [[], [true]]);
});

test("without any output that is said", async () => {
  const { turn, seen } = begun({ outputs: [] });
  await turn.next();
  assert.deepEqual(seen.none, [false]);
});

test("whoever goes on meanwhile hears no number any more", async () => {
  const { turn, seen } = begun();
  const trying = turn.next();
  turn.reset();
  await trying;
  assert.equal(seen.spoken, 0);
});
