import assert from "node:assert/strict";
import test from "node:test";

globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };

/** One microphone that knows how often it is captured at once, and the browser's two ways. */
class Browser {
  live = 0;
  most = 0;
  opened = 0;

  /** @param {boolean} switches whether processing can be switched on an open track */
  constructor(switches) {
    this.switches = switches;
    this.ask = async ({ audio }) => {
      await null;
      this.opened += 1;
      this.most = Math.max(this.most, (this.live += 1));
      const track = new Track(this, audio);
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
    return this.wishes;
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
  const media = new MediaSession({ send() {}, online: () => true, onChange() {}, onEnded() {} });
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

test("where there is no microphone none is asked for", async () => {
  const { browser, media } = await session(false);
  assert.equal(await media.process(), null);
  assert.equal(browser.opened, 0);
});
