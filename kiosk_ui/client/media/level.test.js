import assert from "node:assert/strict";
import test from "node:test";

import { dbfs, LevelRecord } from "./level_record.js";
import { Blocks } from "./level_worklet.js";

const RATE_HZ = 48_000;

/** @param {(index: number) => number} wave @param {number} seconds */
function heard(wave, seconds) {
  const blocks = new Blocks(RATE_HZ);
  const record = new LevelRecord();
  const samples = Float32Array.from({ length: RATE_HZ * seconds }, (_, index) => wave(index));
  for (let at = 0; at < samples.length; at += 128) {
    for (const block of blocks.push([samples.subarray(at, at + 128)])) {
      record.add(block);
    }
  }
  return record;
}

const tone = (size) => (index) => size * Math.sin((2 * Math.PI * 440 * index) / RATE_HZ);

test("a tone at full scale is 3 dB below full scale", () => {
  const figures = heard(tone(1), 1).figures();
  assert.ok(Math.abs(figures.speech_dbfs + 3.01) < 0.1, String(figures.speech_dbfs));
  assert.ok(Math.abs(figures.peak_dbfs) < 0.1);
  assert.equal(figures.duration_s, 1);
});

test("digital silence is counted from its newest beginning", () => {
  const wave = (index) => (index < RATE_HZ ? tone(0.1)(index) : 0);
  const figures = heard(wave, 3).figures();
  assert.equal(figures.digital_silence_s, 2);
});

test("the last step of 16 bit is silence, two steps are not", () => {
  const swings = (size) => (index) => (index % 2 ? size : -size);
  assert.equal(heard(swings(1 / 32768), 1).figures().digital_silence_s, 1);
  assert.equal(heard(swings(2 / 32767), 1).figures().digital_silence_s, 0);
});

test("a driver's constant offset is silence", () => {
  assert.equal(heard(() => 0.004, 1).figures().digital_silence_s, 1);
});

test("one full-scale sample is no clipping, a run of seven is one burst", () => {
  const single = (index) => (index % 4800 === 0 ? 1 : 0.1);
  assert.equal(heard(single, 1).figures().clipped_bursts, 0);
  const burst = (index) => (index % 24_000 < 40 ? 1 : 0.1);
  assert.equal(heard(burst, 1).figures().clipped_bursts, 2);
});

test("speech is the 95th, noise the 10th percentile", () => {
  const wave = (index) => tone(index % RATE_HZ < RATE_HZ / 2 ? 0.2 : 0.002)(index);
  const figures = heard(wave, 4).figures();
  assert.ok(Math.abs(figures.speech_dbfs - dbfs(0.2 / Math.SQRT2)) < 1);
  assert.ok(Math.abs(figures.noise_dbfs - dbfs(0.002 / Math.SQRT2)) < 1);
});

test("an old cough is forgotten", () => {
  const wave = (index) => tone(index < RATE_HZ / 2 ? 0.9 : 0.01)(index);
  assert.ok(heard(wave, 20).figures().peak_dbfs < -35);
});

test("whoever takes longer than the wire counts is measured on", () => {
  const record = new LevelRecord();
  const block = { rms: 0.1, loudest: 0.1, weakest: 0.1, peak: 0.2, silent: false, pitched: false, clipped_bursts: 0 };
  for (let blocks = 0; blocks < 12 * 60 * 50; blocks += 1) {
    record.add(block);
  }
  assert.equal(record.figures().duration_s, 600);
});

/** @param {(index: number) => number[]} waves @param {number} seconds */
function heardOnBoth(waves, seconds) {
  const blocks = new Blocks(RATE_HZ);
  const record = new LevelRecord();
  for (let at = 0; at < RATE_HZ * seconds; at += 128) {
    const pairs = Array.from({ length: 128 }, (_, index) => waves(at + index));
    const channels = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side]));
    for (const block of blocks.push(channels)) {
      record.add(block);
    }
  }
  return record;
}

test("what is measured is the mix of all channels, and how far they are apart", () => {
  const wave = tone(0.2);
  const even = heardOnBoth((index) => [wave(index), wave(index)], 1).figures();
  assert.ok(Math.abs(even.speech_dbfs - dbfs(0.2 / Math.SQRT2)) < 0.2);
  assert.equal(even.channel_gap_db, 0);
  const dead = heardOnBoth((index) => [0, wave(index)], 1).figures();
  assert.ok(Math.abs(dead.speech_dbfs - dbfs(0.1 / Math.SQRT2)) < 0.2);
  assert.ok(dead.channel_gap_db > 90);
  assert.equal(dead.digital_silence_s, 0); // a dead left side is no muted microphone
});

test("one clipped channel is clipping", () => {
  const burst = (index) => [index % 24_000 < 40 ? 1 : 0.1, 0.1];
  assert.equal(heardOnBoth(burst, 1).figures().clipped_bursts, 2);
});

test("a quiet room has a level, a short or a lively one has none", () => {
  assert.ok(Math.abs(heard(tone(0.01), 1).quietDbfs() - dbfs(0.01 / Math.SQRT2)) < 0.2);
  assert.equal(heard(tone(0.01), 0.5).quietDbfs(), null);
  const spoken = (index) => tone(index % 12_000 < 6_000 ? 0.2 : 0.005)(index);
  assert.equal(heard(spoken, 2).quietDbfs(), null);
  assert.equal(new LevelRecord(-61).figures().quiet_dbfs, -61);
});
