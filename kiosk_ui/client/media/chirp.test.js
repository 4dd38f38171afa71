import assert from "node:assert/strict";
import test from "node:test";

import { findChirp, makeChirp } from "./chirp.js";

const RATE_HZ = 48_000;

/** Numbers that look like noise and are the same each time. */
function noise(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  };
}

/** Two seconds of microphone with the tone after 0.4 s. */
function room(gain, noiseSize = 0.001, seed = 1) {
  const next = noise(seed);
  const sound = Float32Array.from({ length: 2 * RATE_HZ }, () => noiseSize * next());
  makeChirp(RATE_HZ).forEach((sample, at) => (sound[0.4 * RATE_HZ + at] += gain * sample));
  return sound;
}

test("the tone is found, where it is and as loud as it is", () => {
  const echo = findChirp(room(0.1), RATE_HZ);
  assert.ok(echo.over_median_db > 40, String(echo.over_median_db));
  assert.ok(Math.abs(echo.delay_s - 0.4) < 0.001);
  assert.ok(Math.abs(echo.gain_db + 20) < 0.2, String(echo.gain_db));
});

test("without the tone there is nothing to find", () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    assert.ok(findChirp(room(0, 0.03, seed), RATE_HZ).over_median_db < 22);
  }
});

test("a dead microphone hears nothing, a wire hears nothing else", () => {
  assert.equal(findChirp(new Float32Array(2 * RATE_HZ), RATE_HZ).over_median_db, 0);
  assert.ok(findChirp(room(1, 0), RATE_HZ).over_median_db > 100);
});

test("at the microphone's own rate", () => {
  const sound = new Float32Array(32_000);
  makeChirp(16_000).forEach((sample, at) => (sound[1_600 + at] = 0.01 * sample + 1e-4 * (at % 3)));
  assert.ok(Math.abs(findChirp(sound, 16_000).delay_s - 0.1) < 0.001);
});
