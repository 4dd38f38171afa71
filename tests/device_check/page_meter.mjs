// The page's own measuring of a microphone, fed with samples instead of a device: float32 from
// standard input, interleaved. Arguments: channels, rate, seconds of silence before the sentence.
// Prints the figures that the page would send.
import { readFileSync } from "node:fs";

import { LevelRecord } from "../../kiosk_ui/client/media/level_record.js";
import { Blocks } from "../../kiosk_ui/client/media/level_worklet.js";

const [channels, rateHz, quietS] = process.argv.slice(2).map(Number);
const bytes = readFileSync(0);
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const blocks = new Blocks(rateHz);
let record = new LevelRecord();
let waiting = quietS > 0;
for (let at = 0; at + 128 * channels <= samples.length; at += 128 * channels) {
  if (waiting && at / channels / rateHz >= quietS) {
    waiting = false;
    record = new LevelRecord(record.quietDbfs());
  }
  const quantum = Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: 128 }, (_, index) => samples[at + index * channels + channel]),
  );
  for (const block of blocks.push(quantum)) {
    record.add(block);
  }
}
console.log(JSON.stringify(record.figures()));
