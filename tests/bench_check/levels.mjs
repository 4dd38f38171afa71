/**
 * The page's own measuring of the microphone under node: a line with a file of 32-bit floats comes
 * in, a line with the figures after each half second goes out.
 *
 * One line in: {"file", "rate_hz", "every_s"}. One line out: an array of figures.
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { LevelRecord } from "../../kiosk_ui/client/media/level_record.js";
import { Blocks } from "../../kiosk_ui/client/media/level_worklet.js";

const QUANTUM = 128; // samples that an AudioWorklet is handed at a time

/** @param {{file: string, rate_hz: number, every_s: number}} wanted */
function measured({ file, rate_hz, every_s }) {
  const bytes = readFileSync(file);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const blocks = new Blocks(rate_hz);
  const record = new LevelRecord();
  const every = Math.round(rate_hz * every_s);
  const found = [];
  let due = every;
  for (let at = 0; at < samples.length; at += QUANTUM) {
    for (const block of blocks.push(samples.subarray(at, at + QUANTUM))) {
      record.add(block);
    }
    if (at + QUANTUM >= due) {
      found.push(record.figures());
      due += every;
    }
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(measured(JSON.parse(line)))}\n`);
}
