import assert from "node:assert/strict";
import test from "node:test";

import {
  appointmentMarks,
  identityMarks,
  someoneArrived,
  someoneCalled,
  stateKey,
  waitingCount,
  waitingMarks,
  wrote,
} from "./rows.js";
import { noPictureKey, troubleKey } from "./stage_words.js";
import { clock, sinceWords } from "./times.js";

const row = (more) => ({
  visit_id: "a", revision: 1, name: "Erika", state: "waiting", waiting_since: null, starts_at: null,
  online: true, readiness: "green", findings: [], identity: "matched", mode: "video", ...more,
}); // prettier-ignore
const keys = (marks) => marks.map(({ key }) => key);

test("a wrong password three times says to call first", () => {
  assert.deepEqual(identityMarks("mismatched"), [{ key: "identity.mismatched", symbol: "phone", kind: "bad" }]);
});

test("who waits with everything in order has one mark, who is elsewhere says where", () => {
  assert.deepEqual(keys(waitingMarks(row({}))), ["identity.matched"]);
  assert.deepEqual(keys(waitingMarks(row({ second_entry: true }))), ["second_entry", "identity.matched"]);
  const stuck = row({ state: "device_check", online: false, wants_help: true, identity: "open", mode: "audio" });
  assert.deepEqual(keys(waitingMarks(stuck)), ["state.device_check", "offline", "wants_help", "mode.audio"]);
});

test("somebody arrives when a row comes into the waiting room, not when it is only there", () => {
  const before = [row({ state: "identity" })];
  assert.ok(someoneArrived(before, [row({})]));
  assert.ok(!someoneArrived([row({})], [row({ readiness: "red" })]));
  assert.ok(!someoneArrived([], [row({ state: "device_check" })]));
  assert.equal(waitingCount([row({}), row({ state: "consent" })]), 1);
});

test("what somebody goes on without is said; only text says all the rest", () => {
  const waived = (...kinds) => kinds.map((kind) => ({ kind, verdict: "waived", title: "" }));
  const said = (findings, mode = "video") => keys(waitingMarks(row({ identity: "open", findings, mode })));
  assert.deepEqual(said(waived("camera")), ["waived.camera"]);
  assert.deepEqual(said(waived("microphone", "speaker")), ["waived.microphone", "waived.speaker"]);
  assert.deepEqual(said(waived("system", "microphone", "camera", "speaker"), "text"), ["waived.system"]);
  assert.deepEqual(said([{ kind: "camera", verdict: "failed", title: "schwarz" }]), []);
});

test("an appointment shows its mail until it is decided, and what the client would rather have", () => {
  const planned = { status: "planned", mail: "failed", alternative: "none" };
  assert.deepEqual(keys(appointmentMarks(planned)), ["mail.failed"]);
  assert.deepEqual(keys(appointmentMarks({ ...planned, alternative: "telephone" })), ["mail.failed", "rather.telephone"]);
  assert.deepEqual(keys(appointmentMarks({ ...planned, status: "no_show" })), ["status.no_show"]);
});

test("waiting times are said in minutes", () => {
  assert.equal(sinceWords(59_000).key, "since_now");
  assert.equal(sinceWords(61_000).key, "since_one");
  assert.deepEqual(sinceWords(12.5 * 60_000), { key: "since_many", n: 12 });
  assert.equal(sinceWords(-5_000).key, "since_now");
});

test("clocks are in the agency's zone, also across a change of clocks", () => {
  assert.equal(clock("2026-11-22T09:15:00Z", "de", "Europe/Berlin"), "10:15");
  assert.equal(clock("2026-07-01T09:15:00Z", "de", "Europe/Berlin"), "11:15");
});

const session = (more) => ({
  mode: "video", seen_by_adviser: true, client: { online: true, media: "connected", camera: true }, ...more,
}); // prettier-ignore

test("a missing picture has a reason", () => {
  assert.equal(noPictureKey(session({})), "camera_off");
  assert.equal(noPictureKey(session({ seen_by_adviser: false })), "no_camera_wanted");
  assert.equal(noPictureKey(session({ mode: "audio" })), "sound_only");
  const slow = { online: true, media: "connected", camera: true, paused: ["camera"] };
  assert.equal(noPictureKey(session({ client: slow })), "picture_paused");
  assert.equal(noPictureKey(session({ client: { online: true, media: "connecting" } })), "connecting");
  assert.equal(noPictureKey(session({ mode: "text", client: { online: true, media: "none" } })), "text_only");
});

test("trouble says whose it is; text needs no media", () => {
  assert.equal(troubleKey(session({}), false), "");
  assert.equal(troubleKey(session({}), true), "own_lost");
  assert.equal(troubleKey(session({ client: { online: true, media: "lost" } }), false), "other_lost");
  assert.equal(troubleKey(session({ client: { online: false, media: "lost" } }), false), "window_closed");
  assert.equal(troubleKey(session({ mode: "text", client: { online: true, media: "lost" } }), true), "");
});

test("whoever calls for help is noticed once", () => {
  const stuck = { visit_id: "b", wants_help: true };
  assert.equal(someoneCalled([{ visit_id: "b", wants_help: false }], [stuck]), stuck);
  assert.equal(someoneCalled([stuck], [stuck]), null);
  assert.equal(someoneCalled([stuck], [{ visit_id: "b", wants_help: false }]), null);
});

test("an unanswered line is marked, an answered one not", () => {
  const said = (...senders) => ({ help: { lines: senders.map((sender) => ({ sender })) } });
  assert.equal(wrote(said("client")), true);
  assert.equal(wrote(said("client", "adviser")), false);
  assert.equal(wrote({ help: null }), false);
});

test("who has no appointment has no password to enter", () => {
  assert.equal(stateKey(row({ state: "identity" })), "state.identity");
  assert.equal(stateKey(row({ state: "identity", without_appointment: true })), "state.identity_free");
  assert.equal(stateKey(row({ state: "consent", without_appointment: true })), "state.consent");
});
