import assert from "node:assert/strict";
import test from "node:test";

import { sessionWords } from "./session_words.js";

const PERSON = { name: "Frau Yılmaz", online: true, media: "connected", microphone: true, camera: true, screen: false };
const GOOD = { state: "in_session", mode: "video", media: "connected", adviser: PERSON };

test("a picture needs no words", () => {
  assert.deepEqual(sessionWords(GOOD, "connected", true), { key: "", silent: false });
});

test("each missing thing is said", () => {
  const away = { ...GOOD, adviser: { ...PERSON, online: false } };
  assert.equal(sessionWords(away, "connected", true).key, "other_away");
  assert.equal(sessionWords(GOOD, "connected", false).key, "other_without_camera");
  assert.equal(sessionWords(GOOD, "lost", true).key, "media_lost");
  assert.equal(sessionWords({ ...GOOD, state: "admitted" }, "connected", false).key, "being_connected");
  assert.equal(sessionWords({ ...GOOD, mode: "audio" }, "connected", false).key, "sound_only");
  assert.equal(sessionWords({ ...GOOD, mode: "text" }, "none", false).key, "text_only");
});

test("a muted other is said beside the name", () => {
  const muted = { ...GOOD, adviser: { ...PERSON, microphone: false } };
  assert.deepEqual(sessionWords(muted, "connected", true), { key: "", silent: true });
});
