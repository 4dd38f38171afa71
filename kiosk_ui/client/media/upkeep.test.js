import assert from "node:assert/strict";
import test from "node:test";

import { mediaWanted, moveAt, nextMove, wantedTracks } from "./upkeep.js";

const CALM = {
  wanted: true,
  online: true,
  peer: "connected",
  media: "connected",
  sinceJoinMs: 60_000,
  sinceRestartMs: 60_000,
  troubleMs: 0,
};

test("a good connection is left alone", () => {
  assert.equal(nextMove(CALM), null);
});

test("nothing is asked for while the socket is away or no media is wanted", () => {
  assert.equal(nextMove({ ...CALM, peer: "none", online: false }), null);
  assert.equal(nextMove({ ...CALM, peer: "none", wanted: false }), null);
});

test("without a connection one is asked for, but not twice in a row", () => {
  assert.equal(nextMove({ ...CALM, peer: "none" }), "join");
  assert.equal(nextMove({ ...CALM, peer: "none", sinceJoinMs: 500 }), null);
});

test("a lost connection is restarted first, then made anew", () => {
  assert.equal(nextMove({ ...CALM, peer: "lost" }), "restart");
  assert.equal(nextMove({ ...CALM, peer: "lost", sinceRestartMs: 100 }), null);
  assert.equal(nextMove({ ...CALM, peer: "lost", sinceRestartMs: 3000, troubleMs: 3000 }), "join");
});

test("web's word counts when the browser has not noticed yet", () => {
  assert.equal(nextMove({ ...CALM, media: "lost", sinceRestartMs: 3000, troubleMs: 3000 }), "join");
});

const SNAPSHOT = {
  state: "in_session",
  mode: "video",
  seen_by_adviser: true,
  elsewhere: false,
  check: null,
};
const ON = { microphone: true, camera: true };

test("the session sends what is switched on and allowed", () => {
  assert.deepEqual(wantedTracks(SNAPSHOT, ON), { microphone: true, camera: true });
  const muted = { microphone: false, camera: true };
  assert.deepEqual(wantedTracks(SNAPSHOT, muted), muted);
  const unseen = { ...SNAPSHOT, seen_by_adviser: false };
  assert.deepEqual(wantedTracks(unseen, ON), { microphone: true, camera: false });
  const audio = { ...SNAPSHOT, mode: "audio" };
  assert.deepEqual(wantedTracks(audio, ON), { microphone: true, camera: false });
  const text = { ...SNAPSHOT, mode: "text" };
  assert.deepEqual(wantedTracks(text, ON), { microphone: false, camera: false });
});

test("nothing is sent while nobody may see or hear the client", () => {
  for (const state of ["arrived", "consent", "identity", "waiting", "closed"]) {
    const nothing = { microphone: false, camera: false };
    assert.deepEqual(wantedTracks({ ...SNAPSHOT, state }, ON), nothing, state);
  }
});

test("the check sends only what the step is about", () => {
  const at = (step, background = "none") => ({
    ...SNAPSHOT,
    state: "device_check",
    check: { step, background },
  });
  assert.deepEqual(wantedTracks(at("microphone"), ON), { microphone: true, camera: false });
  const blurred = wantedTracks(at("background", "blur"), ON);
  assert.deepEqual(blurred, { microphone: false, camera: true });
  assert.deepEqual(wantedTracks(at("background"), ON), { microphone: false, camera: false });
  assert.deepEqual(wantedTracks(at("speaker"), ON), { microphone: false, camera: false });
});

test("media stay connected through consent and waiting, but not for text", () => {
  assert.equal(mediaWanted({ ...SNAPSHOT, state: "consent" }), true);
  assert.equal(mediaWanted({ ...SNAPSHOT, state: "arrived" }), false);
  assert.equal(mediaWanted({ ...SNAPSHOT, mode: "text" }), false);
  assert.equal(mediaWanted({ ...SNAPSHOT, elsewhere: true }), false);
});

test("who means to write may still test the devices", () => {
  assert.equal(mediaWanted({ ...SNAPSHOT, mode: "text", state: "device_check" }), true);
  assert.equal(mediaWanted({ ...SNAPSHOT, mode: "text", state: "waiting" }), false);
});

test("trouble is timed from its beginning, and a connection that takes long is trouble", () => {
  const times = { joinedAt: 0, restartedAt: -Infinity, troubleSince: null };
  const facts = { wanted: true, online: true, peer: /** @type {const} */ ("connecting") };
  const slow = { ...facts, media: /** @type {const} */ ("connecting") };
  assert.deepEqual(moveAt(times, slow, 7_000), { move: null, troubleSince: null });
  assert.deepEqual(moveAt(times, slow, 9_000), { move: "restart", troubleSince: 9_000 });
  const later = { joinedAt: 0, restartedAt: 9_000, troubleSince: 9_000 };
  assert.deepEqual(moveAt(later, slow, 12_000), { move: "join", troubleSince: 9_000 });
  assert.equal(moveAt(later, { ...slow, wanted: false }, 12_000).troubleSince, null);
});
