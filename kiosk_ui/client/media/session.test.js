import assert from "node:assert/strict";
import test from "node:test";

globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };

globalThis.document = { querySelector: () => null, hidden: false };
globalThis.localStorage = { getItem: () => null, setItem() {} };

/** Devices that know how often they are captured at once, and the browser's two ways. */
class Browser {
  /** @type {Track[]} */
  tracks = [];
  /** @type {Promise<void>} until then the browser's question stands unanswered */
  answered = Promise.resolve();
  live = 0;
  most = 0;
  opened = 0;

  /** @param {boolean} switches whether processing can be switched on an open track */
  constructor(switches) {
    this.switches = switches;
    this.ask = async ({ audio, video }) => {
      this.opened += 1;
      await this.answered;
      this.most = Math.max(this.most, (this.live += 1));
      const track = new Track(this, audio ?? video);
      this.tracks.push(track);
      return { getTracks: () => [track] };
    };
  }
}

class Track extends EventTarget {
  readyState = "live";
  muted = false;

  /** @param {Browser} browser @param {MediaTrackConstraints} wishes */
  constructor(browser, wishes) {
    super();
    this.browser = browser;
    this.wishes = wishes;
  }

  getSettings() {
    return this.wishes ?? {};
  }

  /** @param {MediaTrackConstraints} wishes */
  async applyConstraints(wishes) {
    this.wishes = this.browser.switches ? wishes : this.wishes;
  }

  stop() {
    if (this.readyState === "live") {
      this.readyState = "ended";
      this.browser.live -= 1;
    }
  }
}

/** @param {boolean} switches */
async function session(switches) {
  const browser = new Browser(switches);
  const navigator = { mediaDevices: { getUserMedia: browser.ask, enumerateDevices: async () => [] } };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const intervals = globalThis.setInterval;
  globalThis.setInterval = () => 0; // nothing of the connection's upkeep here
  const { MediaSession } = await import("./session.js");
  const unheard = { onChange() {}, onEnded() {}, onHidingTrouble() {} };
  const media = new MediaSession({ send() {}, online: () => true, ...unheard });
  globalThis.setInterval = intervals;
  return { browser, media };
}

for (const switches of [true, false]) {
  test(`measured first, sent afterwards, never captured twice at once: ${switches}`, async () => {
    const { browser, media } = await session(switches);
    const plain = await media.openPlain();
    assert.equal(plain.getSettings().autoGainControl, false);
    assert.equal(await media.openPlain(), plain); // "try again" asks for nothing anew
    const sent = await media.process();
    assert.equal(sent.getSettings().autoGainControl, true);
    assert.equal(sent === plain, switches);
    assert.equal(await media.process(), sent);
    assert.equal(media.tracks.microphone, sent);
    assert.deepEqual([browser.most, browser.live], [1, 1]);
  });
}

test("measured anew after it was sent", async () => {
  const { browser, media } = await session(false);
  await media.open("microphone");
  assert.equal((await media.openPlain()).getSettings().echoCancellation, false);
  assert.deepEqual([browser.opened, browser.most, browser.live], [2, 1, 1]);
});

test("whoever leaves before the browser has answered is not left with a plain one", async () => {
  const { browser, media } = await session(false);
  const opening = media.openPlain();
  const sent = await media.process();
  await opening;
  assert.equal(sent.getSettings().echoCancellation, true);
  assert.deepEqual([browser.most, browser.live], [1, 1]);
});

test("who goes on without while it is being processed has none opened again", async () => {
  for (const switches of [true, false]) {
    const { browser, media } = await session(switches);
    await media.openPlain();
    const sent = media.process();
    await Promise.resolve(); // the browser is being asked to switch processing on
    media.release("microphone");
    assert.equal(await sent, null);
    assert.deepEqual([media.tracks.microphone, browser.opened, browser.live], [null, 1, 0]);
  }
});

test("nor is it taken away from who has it measured anew meanwhile", async () => {
  const { browser, media } = await session(false);
  const plain = await media.openPlain();
  const sent = media.process();
  await Promise.resolve();
  assert.equal(await media.openPlain(), plain);
  await sent;
  assert.deepEqual([media.tracks.microphone, browser.opened], [plain, 1]);
});

test("where there is no microphone none is asked for", async () => {
  const { browser, media } = await session(false);
  assert.equal(await media.process(), null);
  assert.equal(browser.opened, 0);
});

/** Long enough for all that needs no timer. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const TALKING = { state: "in_session", mode: "video", seen_by_adviser: true, elsewhere: false };

/** A browser whose question is answered only when the test says so. */
function unanswered(browser) {
  let answer = () => {};
  browser.answered = new Promise((resolve) => (answer = resolve));
  return () => answer();
}

for (const end of [{ state: "closed" }, { elsewhere: true }]) {
  test(`the end opens nothing again: ${JSON.stringify(end)}`, async () => {
    const { browser, media } = await session(true);
    media.update({ ...TALKING });
    await settled();
    assert.deepEqual([browser.opened, browser.live], [2, 2]);
    media.update({ ...TALKING, ...end });
    await settled();
    assert.deepEqual([browser.opened, browser.live], [2, 0]);
    await assert.rejects(media.open("camera"));
    assert.equal(browser.opened, 2, "nothing is asked for, not even for a moment");
  });
}

for (const [change, live] of [
  [{ mode: "text" }, 0],
  [{ mode: "audio" }, 1],
  [{ seen_by_adviser: false }, 1],
]) {
  test(`what nobody hears or sees is not left on: ${JSON.stringify(change)}`, async () => {
    const { browser, media } = await session(true);
    media.update({ ...TALKING });
    await settled();
    media.update({ ...TALKING, ...change });
    await settled();
    assert.equal(browser.live, live);
    media.update({ ...TALKING });
    await settled();
    assert.equal(browser.live, 2, "and back when it is wanted again");
  });
}

test("a camera that is switched off in the conversation is off, and comes back", async () => {
  const { browser, media } = await session(true);
  media.update({ ...TALKING });
  await settled();
  media.turn("camera", false);
  media.turn("microphone", false); // stays open: nobody is to wait for an echo canceller
  await settled();
  assert.deepEqual([browser.live, media.tracks.camera, media.hiding.raw], [1, null, null]);
  media.turn("camera", true);
  await settled();
  assert.equal(browser.live, 2);
});

test("nobody is asked out of the blue for another device when one was unplugged", async () => {
  const { browser, media } = await session(true);
  const ended = [];
  media.events.onEnded = (kind) => ended.push(kind);
  media.update({ ...TALKING });
  await settled();
  const { permissions } = navigator;
  navigator.permissions = { query: async () => ({ state: "prompt" }) };
  media.tracks.camera.stop();
  browser.tracks.at(-1).dispatchEvent(new Event("ended"));
  await settled();
  navigator.permissions = permissions;
  assert.deepEqual([browser.opened, ended], [2, ["camera"]]);
});

test("after the end no connection is asked for", async () => {
  const { media } = await session(true);
  const asked = [];
  media.events.send = ({ type }) => asked.push(type);
  media.update({ ...TALKING });
  media.tick(10_000);
  assert.deepEqual(asked.filter((type) => type === "join_media"), ["join_media"]);
  media.stop(); // withdrawn, and web has not heard of it yet
  media.tick(20_000);
  assert.deepEqual(asked.filter((type) => type === "join_media"), ["join_media"]);
});

test("a device that comes after the end is stopped, also when the visit goes on here later", async () => {
  const { browser, media } = await session(true);
  const answer = unanswered(browser);
  const opening = media.open("camera");
  await settled();
  media.stop();
  media.update({ ...TALKING, state: "waiting" });
  answer();
  await assert.rejects(opening);
  assert.deepEqual([browser.live, media.tracks.camera, media.failures.camera], [0, null, null]);
});

test("a device that was given back before it came is stopped and never sent", async () => {
  const { browser, media } = await session(true);
  const sent = [];
  media.peer.send = async (kind, track) => void (kind === "camera" && sent.push(track));
  const answer = unanswered(browser);
  media.update({ ...TALKING });
  await settled();
  media.turn("camera", false);
  media.release("camera");
  answer();
  await settled();
  assert.deepEqual([browser.live, media.tracks.camera], [1, null]); // the microphone
  assert.ok(sent.every((track) => track === null));
});

test("of two cameras wished for one after the other only the newer one is used", async () => {
  const { browser, media } = await session(true);
  const sent = [];
  media.peer.send = async (kind, track) => void (kind === "camera" && sent.push(track));
  const check = { step: "camera", background: "none", look: "" };
  media.update({ ...TALKING, state: "device_check", check });
  const answer = unanswered(browser);
  const first = media.open("camera");
  await settled();
  const second = media.change("camera", "other");
  answer();
  const track = await second;
  assert.equal(await first, track, "whoever waited for the first one gets the one of now");
  assert.deepEqual([browser.tracks[0].readyState, browser.tracks[1]], ["ended", track]);
  assert.deepEqual([browser.most, browser.live, media.opening.camera], [1, 1, undefined]);
  assert.ok(!sent.includes(browser.tracks[0]) && sent.includes(track));
});

test("a microphone under way as it is sent is not the one to be measured", async () => {
  const { browser, media } = await session(false);
  const answer = unanswered(browser);
  void media.open("microphone");
  await settled();
  const plain = media.openPlain();
  answer();
  assert.equal((await plain).getSettings().echoCancellation, false);
  assert.deepEqual([browser.most, browser.live], [1, 1]);
});

test("agreed, but not known to web: nothing is sent until it is", async () => {
  const { media } = await session(true);
  await media.open("camera");
  media.hiding.choose("blur");
  media.hiding.agree();
  media.update({ ...TALKING, check: { background: "none", look: "blur" } });
  assert.equal(media.outgoing("camera"), null);
  media.update({ ...TALKING, check: { background: "blur", look: "" } });
  assert.equal(media.outgoing("camera"), media.tracks.camera);
  media.stop();
});
