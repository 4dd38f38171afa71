/**
 * The page's own measuring of the microphone under node: a line with a file of 32-bit floats comes
 * in, a line with the figures after each half second goes out.
 *
 * One line in: {"file", "rate_hz", "every_s", "quiet_s", "gains"}: the first seconds are the room,
 * heard before anybody is asked to speak; gains are those of the channels. One line out: an array of
 * figures, the first ones (of the room) null.
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { LevelRecord } from "../../kiosk_ui/client/media/level_record.js";
import { Blocks } from "../../kiosk_ui/client/media/level_worklet.js";

const QUANTUM = 128; // samples that an AudioWorklet is handed at a time

/**
 * @param {Float32Array} samples
 * @param {number[]} gains
 */
function channels(samples, gains) {
  return gains.map((gain) => (gain === 1 ? samples : samples.map((sample) => sample * gain)));
}

/** @param {{file: string, rate_hz: number, every_s: number, quiet_s: number, gains: number[]}} wanted */
function measured({ file, rate_hz, every_s, quiet_s, gains }) {
  const bytes = readFileSync(file);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const blocks = new Blocks(rate_hz);
  let record = new LevelRecord();
  let listening = false;
  const found = [];
  for (let at = 0; at + QUANTUM <= samples.length; at += QUANTUM) {
    for (const block of blocks.push(channels(samples.subarray(at, at + QUANTUM), gains))) {
      record.add(block);
    }
    const now_s = (at + QUANTUM) / rate_hz;
    if (!listening && now_s >= quiet_s) {
      listening = true;
      record = new LevelRecord(record.quietDbfs());
    }
    if (now_s >= (found.length + 1) * every_s) {
      found.push(listening && now_s > quiet_s ? record.figures() : null);
    }
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(measured(JSON.parse(line)))}\n`);
}
