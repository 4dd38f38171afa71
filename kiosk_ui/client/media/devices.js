/** Microphone and camera: asked for one at a time, every wait limited, every refusal classified. */

import { askedEver, rememberAsked } from "./asked.js";
import { chosen } from "./chosen.js";
import { classify } from "./device_error.js";
import { permission } from "./permission.js";
import { within } from "./time_limit.js";

/** @typedef {import("../../protocol").DeviceError} DeviceError */

const PROMPT_LIMIT_MS = 20_000; // as in thresholds.py: device_prompt_wait
const QUICK_LIMIT_MS = 3_000;
const TRIES_WHEN_IN_USE = 3;
const BETWEEN_TRIES_MS = 600;

const PROCESSED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const PICTURE = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 25, max: 30 },
  facingMode: "user",
};

/** Says why there is no track. */
export class NoDevice extends Error {
  /** @param {DeviceError} reason */
  constructor(reason) {
    super(reason);
    this.name = "NoDevice";
    this.reason = reason;
  }
}

/**
 * @param {"microphone" | "camera"} kind
 * @param {boolean} [plain] a microphone without echo canceller and the like, to be measured
 * @returns {Promise<MediaStreamTrack>}
 * @throws {NoDevice}
 */
export async function openDevice(kind, plain = false) {
  const sound = plain ? UNPROCESSED : PROCESSED;
  const wishes = kind === "microphone" ? sound : PICTURE;
  const id = chosen(kind);
  if (id) {
    try {
      return await ask(kind, { ...wishes, facingMode: undefined, deviceId: { exact: id } });
    } catch (error) {
      if (!gone(error)) {
        throw error;
      }
    }
  }
  try {
    return await ask(kind, wishes);
  } catch (error) {
    if (error instanceof NoDevice && error.reason === "overconstrained") {
      return await ask(kind, {}); // wanting too much is our fault, never shown
    }
    throw error;
  }
}

/** @param {unknown} error */
function gone(error) {
  return error instanceof NoDevice && ["overconstrained", "not_found"].includes(error.reason);
}

/**
 * One of several microphones, to be listened to for a moment; asked for once, not for long.
 *
 * @param {string} deviceId
 * @returns {Promise<MediaStreamTrack>} without processing
 */
export function openToListen(deviceId) {
  const wishes = { ...UNPROCESSED, deviceId: { exact: deviceId } };
  return askOnce("microphone", wishes, QUICK_LIMIT_MS);
}

/**
 * Switches echo canceller and the like on, where the browser can do so on an open track.
 *
 * @param {MediaStreamTrack} track
 * @returns {Promise<boolean>} whether they are on now
 */
export async function switchProcessingOn(track) {
  try {
    await within(track.applyConstraints(PROCESSED), QUICK_LIMIT_MS);
  } catch {
    return false; // then it is opened anew
  }
  return !unprocessed(track);
}

/** @param {MediaStreamTrack} track */
export function unprocessed(track) {
  const settings = track.getSettings();
  return !settings.echoCancellation && !settings.noiseSuppression && !settings.autoGainControl;
}

/** @type {Record<"microphone" | "camera", number>} how often in a row it was in use */
const inUse = { microphone: 0, camera: 0 };

/**
 * @param {"microphone" | "camera"} kind
 * @param {MediaTrackConstraints} wishes
 */
async function ask(kind, wishes) {
  inUse[kind] += 1; // until proved otherwise
  for (let attempt = 1; ; attempt += 1) {
    const before = await permission(kind);
    const askedAt = performance.now();
    try {
      const track = await askOnce(kind, wishes);
      inUse[kind] = 0;
      return track;
    } catch (error) {
      const tookMs = performance.now() - askedAt;
      const reason = await reasonOf(kind, error, { before, tookMs, rounds: inUse[kind] });
      const busy = reason === "in_use" || reason === "broken";
      inUse[kind] = busy ? inUse[kind] : 0;
      if (!busy || attempt === TRIES_WHEN_IN_USE) {
        throw new NoDevice(reason);
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    } finally {
      if (before === "prompt") {
        rememberAsked(kind);
      }
    }
  }
}

/**
 * @param {"microphone" | "camera"} kind
 * @param {MediaTrackConstraints} wishes
 * @param {number} [limitMs]
 */
async function askOnce(kind, wishes, limitMs = PROMPT_LIMIT_MS) {
  const media = navigator.mediaDevices;
  if (!media?.getUserMedia) {
    throw new NoDevice("unsupported");
  }
  const wanted = kind === "microphone" ? { audio: wishes } : { video: wishes };
  const stream = await within(media.getUserMedia(wanted), limitMs, stop);
  return stream.getTracks()[0];
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}

/**
 * @param {"microphone" | "camera"} kind
 * @param {unknown} error
 * @param {Pick<import("./device_error.js").Refusal, "before" | "tookMs" | "rounds">} facts
 * @returns {Promise<DeviceError>}
 */
async function reasonOf(kind, error, facts) {
  if (error instanceof NoDevice) {
    return error.reason;
  }
  const devices = await list(kind);
  return classify({
    ...facts,
    name: error instanceof Error || error instanceof DOMException ? error.name : "",
    permission: await permission(kind),
    listed: devices.length > 0,
    other: await permission(kind === "microphone" ? "camera" : "microphone"),
    askedEver: askedEver(kind),
  });
}

/**
 * @param {import("./chosen.js").DeviceKind} kind
 * @returns {Promise<MediaDeviceInfo[]>}
 */
export async function list(kind) {
  const wanted = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" }[kind];
  try {
    const devices = await within(navigator.mediaDevices.enumerateDevices(), QUICK_LIMIT_MS);
    return devices.filter((device) => device.kind === wanted);
  } catch {
    return [];
  }
}
