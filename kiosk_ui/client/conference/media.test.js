import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map();
globalThis.sessionStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
const { ConferenceMedia } = await import("./media.js");

/** What a window's page sends that has this choice from before, with an open camera. */
function withCamera(t, choice) {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  kept.clear();
  if (choice) {
    kept.set("vorzimmer.background", choice);
  }
  const troubles = [];
  const said = [];
  const conference = {
    online: true,
    snapshot: { state: "inside", over: false, elsewhere: false, mode: "video", muted: false, media: "none" },
    changed() {},
    send: (command) => said.push(command),
    hidingDialog: { show: (trouble) => troubles.push(trouble) },
  };
  const media = new ConferenceMedia(conference);
  const sent = {};
  media.peer.send = (kind, track) => (sent[kind] = track);
  const camera = new EventTarget();
  Object.assign(camera, { stop() {}, getSettings: () => ({}) });
  media.keep("camera", camera);
  media.apply();
  return { media, camera, sent, troubles, said };
}

test("nothing hidden: the camera as it is", (t) => {
  const { camera, sent } = withCamera(t, null);
  assert.equal(sent.camera, camera);
});

test("a hidden room never leaves raw, also where this browser cannot hide it", async (t) => {
  const { sent, troubles, said } = withCamera(t, "blur browser");
  await Promise.resolve();
  assert.equal(sent.camera, null);
  assert.deepEqual(troubles, ["unable"]);
  assert.equal(said.at(-1).camera, false, "and that is said");
});

test("what a visit in this window had left to the appliance is not sent raw to a conference", (t) => {
  const { media, sent } = withCamera(t, "blur_strong appliance");
  assert.equal(media.hiding.applianceAgreed, false);
  assert.equal(sent.camera, null);
  assert.equal(kept.get("vorzimmer.background"), "blur_strong browser");
});

test("shown on request, and switched off with its lamp", (t) => {
  const { media, camera, sent } = withCamera(t, "blur browser");
  media.hiding.choose("none");
  assert.equal(sent.camera, camera);
  let stopped = false;
  camera.stop = () => (stopped = true);
  media.turn("camera", false);
  assert.deepEqual([stopped, sent.camera, media.hiding.outgoing], [true, null, null]);
});
