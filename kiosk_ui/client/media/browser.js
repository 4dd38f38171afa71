/** Which browser this is and what it can do. Features count, versions are a hint. */

import { within } from "./time_limit.js";

/** @typedef {import("../../protocol").BrowserSystem} BrowserSystem */

const BATTERY_LIMIT_MS = 2_000;

/** @type {[string, RegExp][]} */
const BROWSERS = [
  ["edge", /Edg(?:e|A|iOS)?\/(\d+)/],
  ["firefox", /(?:Firefox|FxiOS)\/(\d+)/],
  ["samsung", /SamsungBrowser\/(\d+)/],
  ["chromium", /(?:Chrome|Chromium|CriOS)\/(\d+)/],
  ["safari", /Version\/(\d+).*Safari/],
];
/** @type {[string, RegExp][]} */
const SYSTEMS = [
  ["ios", /iPhone|iPad|iPod/],
  ["android", /Android/],
  ["windows", /Windows/],
  ["macos", /Macintosh|Mac OS X/],
  ["linux", /Linux|X11|CrOS/],
];
// Apps that open links in a window of their own: they name themselves, or Android's web view does.
const IN_APP =
  /FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|; wv\)|GSA\/|TikTok|musical_ly|BytedanceWebview|Snapchat|Twitter for|LinkedInApp|Pinterest\/|WhatsApp\/|Teams\/|Outlook-(?:iOS|Android)|GMX|WEB\.DE|DuckDuckGo Lite/;
const IOS_BROWSERS = /Safari\/|CriOS|FxiOS|EdgiOS|OPT\/|DuckDuckGo/;

/**
 * An iPad calls itself a Macintosh; no Macintosh has a touch screen.
 *
 * @param {{userAgent: string, maxTouchPoints?: number}} navigator
 * @returns {{browser: string, browser_version: number, os: string, in_app_browser: boolean}}
 */
export function recognise({ userAgent: agent, maxTouchPoints = 0 }) {
  const named = SYSTEMS.find(([, pattern]) => pattern.test(agent))?.[0] ?? "other";
  const os = named === "macos" && maxTouchPoints > 1 ? "ios" : named;
  // On iOS every browser says "Safari"; a web view that was given no name says nothing.
  const nameless = os === "ios" && !IOS_BROWSERS.test(agent);
  const in_app_browser = IN_APP.test(agent) || nameless;
  for (const [browser, pattern] of BROWSERS) {
    const found = pattern.exec(agent);
    if (found) {
      return { browser, browser_version: Number(found[1]), os, in_app_browser };
    }
  }
  return { browser: "other", browser_version: 0, os, in_app_browser };
}

/**
 * @param {number} serverAtMs web's clock in the newest snapshot; NaN when there is none
 * @returns {BrowserSystem}
 */
export function describe(serverAtMs) {
  return {
    kind: "system",
    secure_context: window.isSecureContext,
    media_devices: Boolean(navigator.mediaDevices?.getUserMedia),
    web_rtc: "RTCPeerConnection" in window && "getTransceivers" in RTCPeerConnection.prototype,
    opus: knows("audio", "audio/opus"),
    vp8: knows("video", "video/VP8"),
    web_assembly: typeof WebAssembly === "object",
    audio_context: "AudioContext" in window && "audioWorklet" in AudioContext.prototype,
    ...recognise(navigator),
    page_permitted: permittedByPage(/** @type {any} */ (document)),
    web_gl: drawsWebGl(),
    clock_offset_s: Number.isNaN(serverAtMs) ? 0 : (Date.now() - serverAtMs) / 1000,
  };
}

/**
 * A header on the way, of a proxy, may keep camera and microphone from this page.
 *
 * @param {{permissionsPolicy?: any, featurePolicy?: any}} page a document
 */
export function permittedByPage({ permissionsPolicy, featurePolicy }) {
  const policy = permissionsPolicy ?? featurePolicy; // Firefox and Safari know neither
  return policy ? policy.allowsFeature("camera") && policy.allowsFeature("microphone") : true;
}

function drawsWebGl() {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/**
 * @param {{getBattery?: () => Promise<{level: number, charging: boolean}>}} navigator
 * @returns {Promise<Pick<BrowserSystem, "battery" | "charging">>} empty where nothing is known
 */
export async function battery(navigator) {
  try {
    const found = navigator.getBattery ? await within(navigator.getBattery(), BATTERY_LIMIT_MS) : null;
    return found ? { battery: found.level, charging: found.charging } : {};
  } catch {
    return {};
  }
}

/**
 * Firefox before 113 does not tell what it knows: every browser with WebRTC knows both (RFC 7742,
 * RFC 7874), so who says nothing is believed.
 *
 * @param {"audio" | "video"} kind
 * @param {string} mimeType
 * @param {{getCapabilities?: (kind: string) => RTCRtpCapabilities | null}} [receiver]
 */
export function knows(kind, mimeType, receiver = globalThis.RTCRtpReceiver) {
  const found = receiver?.getCapabilities?.(kind);
  const wanted = mimeType.toLowerCase();
  return found ? found.codecs.some((codec) => codec.mimeType.toLowerCase() === wanted) : true;
}
