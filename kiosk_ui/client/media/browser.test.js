import assert from "node:assert/strict";
import test from "node:test";

import { battery, knows, permittedByPage, recognise } from "./browser.js";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

/** agent -> browser, version, system, in an app */
const CASES = [
  [CHROME, "chromium", 156, "linux", false],
  [`${CHROME} Edg/155.0.0.0`, "edge", 155, "linux", false],
  ["Mozilla/5.0 (Windows NT 10.0; rv:153.0) Gecko/20100101 Firefox/153.0", "firefox", 153, "windows", false],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "safari", 18, "macos", false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1", "safari", 18, "ios", false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "chromium", 131, "ios", false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "other", 0, "ios", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 359.0.0.28.88", "other", 0, "ios", true],
  ["Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 GMX Mail", "chromium", 131, "android", true],
  ["Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36", "chromium", 131, "android", false],
  ["Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 [FBAN/FB4A]", "chromium", 140, "android", true],
  ["Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "samsung", 25, "android", false],
  ["curl/8", "other", 0, "other", false],
];

for (const [agent, browser, browser_version, os, in_app_browser] of CASES) {
  test(`${browser} ${browser_version} on ${os}`, () => {
    assert.deepEqual(recognise({ userAgent: agent }), { browser, browser_version, os, in_app_browser });
  });
}

test("an iPad that calls itself a Macintosh is told by its touch screen", () => {
  const userAgent =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
  assert.equal(recognise({ userAgent, maxTouchPoints: 5 }).os, "ios");
  assert.equal(recognise({ userAgent, maxTouchPoints: 5 }).in_app_browser, true);
  const safari = recognise({ userAgent: `${userAgent} Version/18.1 Safari/605.1.15`, maxTouchPoints: 5 });
  assert.deepEqual([safari.os, safari.browser, safari.in_app_browser], ["ios", "safari", false]);
});

test("a browser that does not tell its codecs is not said to lack them", () => {
  assert.equal(knows("video", "video/VP8", {}), true);
  const codecs = [{ mimeType: "video/H264", clockRate: 90_000 }];
  const getCapabilities = () => ({ codecs, headerExtensions: [] });
  assert.equal(knows("video", "video/VP8", { getCapabilities }), false);
  assert.equal(knows("video", "video/h264", { getCapabilities }), true);
});

test("a page that embeds ours may keep both devices or one from it", () => {
  const policy = (/** @type {string[]} */ ...allowed) => ({
    allowsFeature: (/** @type {string} */ name) => allowed.includes(name),
  });
  assert.equal(permittedByPage({}), true);
  assert.equal(permittedByPage({ permissionsPolicy: policy("camera", "microphone") }), true);
  assert.equal(permittedByPage({ permissionsPolicy: policy("camera") }), false);
  assert.equal(permittedByPage({ featurePolicy: policy() }), false);
});

test("a battery that is not told is not known", async (t) => {
  assert.deepEqual(await battery({}), {});
  const told = async () => ({ level: 0.1, charging: false });
  assert.deepEqual(await battery({ getBattery: told }), { battery: 0.1, charging: false });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const never = battery({ getBattery: () => new Promise(() => {}) });
  t.mock.timers.tick(2_000);
  assert.deepEqual(await never, {});
});
