/**
 * A rising tone, and how clearly it is found again in a recording: ``device_check/chirp.py`` for the
 * page. What follows from the numbers is judged by web. Free of the browser.
 */

import { transform } from "./fft.js";

export const CHIRP_S = 0.5;
const LOWEST_HZ = 500;
const HIGHEST_HZ = 6_000;
const FADE_S = 0.02; // no click at either end
const AMPLITUDE = 0.5;
const SILENT = 1e-9; // below the rounding of a transform of full scale
const MOST_DB = 200; // the tone and nothing else

/**
 * @typedef {object} Echo
 * @property {number} over_median_db peak of the matched filter over its median
 * @property {number} gain_db what came back over what was played
 * @property {number} delay_s from the recording's first sample to the tone's
 */

/**
 * @param {number} rateHz
 * @returns {Float32Array} mono, -0.5 to 0.5
 */
export function makeChirp(rateHz) {
  const length = Math.round(CHIRP_S * rateHz);
  const sweep = (HIGHEST_HZ - LOWEST_HZ) / CHIRP_S;
  return Float32Array.from({ length }, (_, at) => {
    const [time, rest] = [at / rateHz, (length - 1 - at) / rateHz];
    const fade = Math.min(1, Math.min(time, rest) / FADE_S);
    return AMPLITUDE * fade * Math.sin(2 * Math.PI * (LOWEST_HZ + (sweep / 2) * time) * time);
  });
}

/**
 * @param {Float32Array} recording mono, begun before the tone, twice as long or more
 * @param {number} rateHz
 * @returns {Echo}
 */
export function findChirp(recording, rateHz) {
  const tone = makeChirp(rateHz);
  const fits = matches(recording, tone);
  let best = 0;
  for (let at = 1; at < fits.length; at += 1) {
    best = fits[at] > fits[best] ? at : best;
  }
  const peak = fits[best];
  const energy = tone.reduce((sum, sample) => sum + sample * sample, 0);
  const median = fits.slice().sort()[fits.length >> 1];
  return {
    over_median_db: overMedian(peak, median),
    gain_db: Math.max(-MOST_DB, decibels(peak / energy)),
    delay_s: best / rateHz,
  };
}

/**
 * @param {number} peak
 * @param {number} median
 */
function overMedian(peak, median) {
  if (peak <= SILENT) {
    return 0;
  }
  return median <= SILENT ? MOST_DB : Math.min(MOST_DB, decibels(peak / median));
}

/** @param {number} ratio */
function decibels(ratio) {
  return 20 * Math.log10(Math.max(ratio, 1e-12));
}

/**
 * How well the tone fits at each place: both at once through one transform there and one back.
 *
 * @param {Float32Array} recording
 * @param {Float32Array} tone
 */
function matches(recording, tone) {
  let length = 1;
  while (length < recording.length + tone.length) {
    length *= 2;
  }
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  real.set(recording);
  imaginary.set(tone);
  transform(real, imaginary);
  correlate(real, imaginary);
  transform(real, imaginary); // of the conjugate: the way back, but for its scale
  const places = Math.max(1, recording.length - tone.length + 1);
  return Float64Array.from({ length: places }, (_, at) => Math.abs(real[at]) / length);
}

/**
 * From the spectrum of ``recording + i tone`` to the conjugate of theirs multiplied.
 *
 * @param {Float64Array} real
 * @param {Float64Array} imaginary
 */
function correlate(real, imaginary) {
  const last = real.length - 1;
  for (let at = 0; at <= real.length / 2; at += 1) {
    const back = (last + 1 - at) & last;
    const [a, b, c, d] = [real[at], imaginary[at], real[back], imaginary[back]];
    // Recording: ((a + c) + i(b - d)) / 2; tone: ((b + d) + i(c - a)) / 2.
    const [recordingReal, recordingImaginary] = [(a + c) / 2, (b - d) / 2];
    const [toneReal, toneImaginary] = [(b + d) / 2, (c - a) / 2];
    const productReal = recordingReal * toneReal + recordingImaginary * toneImaginary;
    const productImaginary = recordingImaginary * toneReal - recordingReal * toneImaginary;
    [real[at], imaginary[at]] = [productReal, -productImaginary];
    [real[back], imaginary[back]] = [productReal, productImaginary];
  }
}
