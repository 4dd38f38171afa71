/** Two soft tones: somebody has come, or the conversation begins. */

import { wakeAudio } from "./media/level.js";

const TONES_HZ = [523.25, 659.25]; // C and E: friendly, not an alarm
const TONE_S = 0.35;
const LOUDNESS = 0.12; // of full scale

/** Nothing where the browser lets nobody sound yet: it would come late, at some click. */
export function chime() {
  const audio = wakeAudio();
  if (audio.state === "running") {
    TONES_HZ.forEach((hz, index) => tone(audio, hz, audio.currentTime + index * TONE_S * 0.6));
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} hz
 * @param {number} at in the engine's seconds
 * @param {AudioNode} [out]
 */
export function tone(audio, hz, at, out = audio.destination) {
  const oscillator = new OscillatorNode(audio, { frequency: hz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.04);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
  oscillator.connect(gain).connect(out);
  oscillator.start(at);
  oscillator.stop(at + TONE_S);
}
