/** Which browser this is and what it can do. Features count, versions are a hint. */

/** @typedef {import("../../protocol").BrowserSystem} BrowserSystem */

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
const IN_APP = /FBAN|FBAV|Instagram|Line\/|MicroMessenger|; wv\)|GSA\/|TikTok|Snapchat/;

/**
 * @param {string} agent the browser's own description of itself
 * @returns {{browser: string, browser_version: number, os: string, in_app_browser: boolean}}
 */
export function recognise(agent) {
  const os = SYSTEMS.find(([, pattern]) => pattern.test(agent))?.[0] ?? "other";
  const in_app_browser = IN_APP.test(agent);
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
    ...recognise(navigator.userAgent),
    clock_offset_s: Number.isNaN(serverAtMs) ? 0 : (Date.now() - serverAtMs) / 1000,
  };
}

/**
 * @param {"audio" | "video"} kind
 * @param {string} mimeType
 */
function knows(kind, mimeType) {
  const found = globalThis.RTCRtpReceiver?.getCapabilities?.(kind);
  const wanted = mimeType.toLowerCase();
  return found ? found.codecs.some((codec) => codec.mimeType.toLowerCase() === wanted) : false;
}
