/** The four parts of the adviser's own check. Everything but the connection stays in the browser. */

import { chosen } from "../media/chosen.js";
import { openDevice } from "../media/devices.js";
import { Listening, wakeAudio } from "../media/level.js";
import { within } from "../media/time_limit.js";
import { tone } from "../tones.js";
import { reasonOf } from "./bar.js";
import { heardWell, judgePicture, judgeSound } from "./own_check_judge.js";

/** @typedef {{good: boolean, key: string, n?: number}} Result key of a sentence */

const PICTURE_MS = 2_600;
const SAMPLE_EVERY_MS = 200;
const SOUND_MS = 10_000;
const CONNECTION_MS = 9_000;
const WIDTH = 64;
const HEIGHT = 48;
const TONES_HZ = [440, 659.25];
const TONE_EVERY_S = 0.45;
const BROWSER_LIMIT_MS = 5_000;

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * @param {HTMLVideoElement} video
 * @param {(track: MediaStreamTrack) => boolean} keep false: the check is over, the track is not wanted
 * @returns {Promise<Result>}
 */
export async function checkCamera(video, keep) {
  try {
    const track = await openDevice("camera");
    if (!keep(track)) {
      return { good: false, key: "device_error.ended" };
    }
    video.srcObject = new MediaStream([track]);
    const key = judgePicture(await samples(video));
    return { good: key === "camera_good", key: `check.${key}` };
  } catch (error) {
    return { good: false, key: `device_error.${reasonOf(error)}` };
  }
}

/** @param {HTMLVideoElement} video */
async function samples(video) {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const found = [];
  /** @type {Uint8ClampedArray | null} */
  let before = null;
  for (let atMs = 0; atMs < PICTURE_MS; atMs += SAMPLE_EVERY_MS) {
    await pause(SAMPLE_EVERY_MS);
    context?.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const pixels = context?.getImageData(0, 0, WIDTH, HEIGHT).data ?? new Uint8ClampedArray();
    found.push({ atMs, luma: meanLuma(pixels), same: before !== null && equal(pixels, before) });
    before = pixels;
  }
  return found;
}

/** @param {Uint8ClampedArray} pixels RGBA */
function meanLuma(pixels) {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  }
  return pixels.length ? sum / (pixels.length / 4) : 0;
}

/**
 * @param {Uint8ClampedArray} a
 * @param {Uint8ClampedArray} b
 */
function equal(a, b) {
  return a.every((value, index) => value === b[index]);
}

/**
 * @param {HTMLMeterElement} meter
 * @param {(track: MediaStreamTrack) => boolean} keep
 * @param {() => boolean} over
 * @returns {Promise<Result>}
 */
export async function checkMicrophone(meter, keep, over) {
  try {
    const track = await openDevice("microphone");
    if (!keep(track)) {
      return { good: false, key: "device_error.ended" };
    }
    const listening = new Listening(track);
    await listening.start();
    void followMeter(meter, listening, over);
    const until = performance.now() + SOUND_MS;
    while (performance.now() < until && !over() && !heardWell(listening.record.figures())) {
      await pause(SAMPLE_EVERY_MS);
    }
    const key = judgeSound(listening.record.figures());
    return { good: key === "microphone_good", key: `check.${key}` };
  } catch (error) {
    return { good: false, key: `device_error.${reasonOf(error)}` };
  }
}

/**
 * The meter goes on after the verdict, as long as the window is open.
 *
 * @param {HTMLMeterElement} meter
 * @param {Listening} listening
 * @param {() => boolean} over
 */
async function followMeter(meter, listening, over) {
  while (!over()) {
    meter.value = listening.record.levelDbfs;
    await pause(SAMPLE_EVERY_MS / 2);
  }
  meter.value = meter.min;
  listening.stop();
}

/** Two tones through the loudspeaker that conversations use. */
export async function playTones() {
  const audio = wakeAudio();
  const out = new MediaStreamAudioDestinationNode(audio);
  const player = new Audio();
  player.srcObject = out.stream;
  const id = chosen("speaker");
  if (id && "setSinkId" in player) {
    await within(player.setSinkId(id), BROWSER_LIMIT_MS).catch(() => {});
  }
  await within(player.play(), BROWSER_LIMIT_MS);
  const start = audio.currentTime + 0.1;
  TONES_HZ.forEach((hz, index) => tone(audio, hz, start + index * TONE_EVERY_S, out));
  await pause(1_500);
  player.pause();
  player.srcObject = null;
}

/**
 * Joins the relay as a conversation would.
 *
 * @param {import("./desk.js").Desk} desk
 * @param {() => boolean} over
 * @returns {Promise<Result>}
 */
export async function checkNetwork(desk, over) {
  if (!desk.online) {
    return { good: false, key: "check.network_bad" };
  }
  desk.media.startCheck();
  const until = performance.now() + CONNECTION_MS;
  while (performance.now() < until && !over()) {
    if (desk.media.peer.state === "connected" && desk.snapshot?.media === "connected") {
      const n = await roundTripMs(desk);
      return n === null ? { good: true, key: "check.network_good" } : { good: true, key: "check.network_good_ms", n };
    }
    await pause(SAMPLE_EVERY_MS);
  }
  return { good: false, key: "check.network_media_bad" };
}

/**
 * @param {import("./desk.js").Desk} desk
 * @returns {Promise<number | null>} null where the browser does not say
 */
async function roundTripMs(desk) {
  const { current } = desk.media.peer;
  const stats = current ? await within(current.pc.getStats(), BROWSER_LIMIT_MS).catch(() => null) : null;
  for (const entry of stats?.values() ?? []) {
    if (entry.type === "candidate-pair" && entry.currentRoundTripTime) {
      return Math.max(1, Math.round(entry.currentRoundTripTime * 1000));
    }
  }
  return null;
}
