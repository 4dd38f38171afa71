import assert from "node:assert/strict";
import test from "node:test";

import { nowKeys, sessionWords } from "./session_words.js";

const PERSON = { name: "Frau Yılmaz", online: true, media: "connected", microphone: true, camera: true, screen: false };
const GOOD = { state: "in_session", mode: "video", media: "connected", adviser: PERSON };

test("a picture needs no words", () => {
  assert.deepEqual(sessionWords(GOOD, { peer: "connected", seen: true }), { key: "", silent: false });
});

test("each missing thing is said", () => {
  const away = { ...GOOD, adviser: { ...PERSON, online: false } };
  assert.equal(sessionWords(away, { peer: "connected", seen: true }).key, "other_away");
  assert.equal(sessionWords(GOOD, { peer: "connected", seen: false }).key, "other_without_camera");
  assert.equal(sessionWords(GOOD, { peer: "lost", seen: true }).key, "media_lost");
  assert.equal(sessionWords({ ...GOOD, state: "admitted" }, { peer: "connected", seen: false }).key, "being_connected");
  assert.equal(sessionWords({ ...GOOD, mode: "audio" }, { peer: "connected", seen: false }).key, "sound_only");
  assert.equal(sessionWords({ ...GOOD, mode: "text" }, { peer: "none", seen: false }).key, "text_only");
  assert.equal(sessionWords({ ...away, mode: "text" }, { peer: "none", seen: false }).key, "other_away");
});

test("after ten seconds of trouble the telephone is named", () => {
  const lost = { peer: "lost", seen: true, troubleMs: 11_000 };
  assert.equal(sessionWords(GOOD, lost).key, "media_lost_long");
  assert.equal(sessionWords(GOOD, { ...lost, troubleMs: 5_000 }).key, "media_lost");
});

test("a picture that the own line does not carry is said", () => {
  const slow = { ...GOOD, adviser: { ...PERSON, paused: ["camera"] } };
  assert.equal(sessionWords(slow, { peer: "connected", seen: false }).key, "picture_paused");
});

test("a muted other is said beside the name", () => {
  const muted = { ...GOOD, adviser: { ...PERSON, microphone: false } };
  assert.deepEqual(sessionWords(muted, { peer: "connected", seen: true }), { key: "", silent: true });
});

test("what is on is said in each mode", () => {
  const both = { microphone: true, camera: true };
  const all = { mode: "video", seen_by_adviser: true, sees_adviser: true };
  assert.deepEqual(nowKeys(all, both), ["now_heard", "now_seen"]);
  assert.deepEqual(nowKeys({ ...all, seen_by_adviser: false }, both), ["now_heard", "now_not_seen"]);
  assert.deepEqual(nowKeys(all, { ...both, camera: false }), ["now_heard", "now_not_seen"]);
  assert.deepEqual(nowKeys({ ...all, sees_adviser: false }, both), ["now_heard", "now_seen", "now_sees_nobody"]);
  assert.deepEqual(nowKeys({ ...all, mode: "audio" }, both), ["now_heard", "now_no_pictures"]);
  assert.deepEqual(nowKeys({ ...all, mode: "audio" }, { ...both, microphone: false }), ["now_not_heard", "now_no_pictures"]);
  assert.deepEqual(nowKeys({ ...all, mode: "text" }, both), ["now_text"]);
});
