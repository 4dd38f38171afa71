/**
 * This device hears itself: a short tone out of its speaker, sought in its own microphone. Nobody is
 * needed, nothing is kept, nothing but three numbers comes out. For the kiosk's speaker test, and for
 * a hardware test without a visit.
 */

import { findChirp, makeChirp } from "./chirp.js";
import { wakeAudio } from "./level.js";
import { within } from "./time_limit.js";

const LIMIT_MS = 5_000;
const BEFORE_S = 0.5; // the room alone, and a microphone that wakes up
const HEARD_S = 2; // the tone, and the way through slow drivers and Bluetooth

/**
 * Plays, listens and says how clearly the tone came back.
 *
 * @param {MediaStreamTrack} track of a microphone, without echo canceller and the like
 * @param {string} [outputId] empty: the system's choice
 * @returns {Promise<import("./chirp.js").Echo>}
 * @throws {import("./time_limit.js").TimeLimit} the audio engine sleeps, or gives no sound
 */
export async function loopBack(track, outputId = "") {
  const audio = wakeAudio();
  await within(audio.resume(), LIMIT_MS);
  await useOutput(audio, outputId);
  const address = new URL("./capture_worklet.js", import.meta.url);
  await within(audio.audioWorklet.addModule(address), LIMIT_MS);
  const samples = await playAndCapture(audio, track);
  return findChirp(samples, audio.sampleRate);
}

/**
 * @param {AudioContext} audio
 * @param {string} outputId
 */
async function useOutput(audio, outputId) {
  const choosing = /** @type {AudioContext & {setSinkId?: (id: string) => Promise<void>}} */ (audio);
  if (choosing.setSinkId) {
    await within(choosing.setSinkId(outputId), LIMIT_MS).catch(() => {}); // then the system's choice
  }
}

/**
 * @param {AudioContext} audio
 * @param {MediaStreamTrack} track
 * @returns {Promise<Float32Array>}
 */
async function playAndCapture(audio, track) {
  const ear = new AudioWorkletNode(audio, "capture", {
    numberOfOutputs: 0,
    processorOptions: { samples: Math.round((BEFORE_S + HEARD_S) * audio.sampleRate) },
  });
  const room = audio.createMediaStreamSource(new MediaStream([track]));
  const tone = audio.createBufferSource();
  const samples = makeChirp(audio.sampleRate);
  tone.buffer = audio.createBuffer(1, samples.length, audio.sampleRate);
  tone.buffer.copyToChannel(/** @type {any} */ (samples), 0);
  /** @type {Promise<Float32Array>} */
  const captured = new Promise((resolve) => {
    ear.port.onmessage = ({ data }) => resolve(data);
  });
  room.connect(ear);
  tone.connect(audio.destination);
  tone.start(audio.currentTime + BEFORE_S);
  try {
    return await within(captured, LIMIT_MS);
  } finally {
    tone.disconnect();
    room.disconnect();
    ear.disconnect();
  }
}
