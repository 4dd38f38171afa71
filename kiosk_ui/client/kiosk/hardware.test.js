import assert from "node:assert/strict";
import test from "node:test";

import { missingKinds } from "./hardware.js";

const SET_UP = [
  { kind: "microphone", label: "Konferenz-Mikrofon" },
  { kind: "camera", label: "Kamera am Schirm" },
  { kind: "speaker", label: "Konferenz-Lautsprecher" },
];

test("all there, and more", () => {
  const more = { kind: "microphone", label: "Kamera am Schirm" };
  assert.deepEqual(missingKinds(SET_UP, [...SET_UP, more]), []);
});

test("a device that is gone", () => {
  assert.deepEqual(missingKinds(SET_UP, SET_UP.slice(0, 2)), ["speaker"]);
  assert.deepEqual(missingKinds(SET_UP, []), ["microphone", "camera", "speaker"]);
});

test("another device in its place is not the one that was set up", () => {
  const here = [{ kind: "microphone", label: "Kamera am Schirm" }, ...SET_UP.slice(1)];
  assert.deepEqual(missingKinds(SET_UP, here), ["microphone"]);
});

test("without names only a kind that is gone is noticed", () => {
  const untold = SET_UP.slice(1).map(({ kind }) => ({ kind, label: "" }));
  assert.deepEqual(missingKinds(SET_UP, untold), ["microphone"]);
});

test("what was never there is not missed", () => {
  assert.deepEqual(missingKinds(SET_UP.slice(0, 1), SET_UP.slice(0, 1)), []);
});
