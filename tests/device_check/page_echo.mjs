// The page's own measuring of an echo, fed with samples: float32 from standard input, what is
// played and what the microphone hears in turn, 48 kHz. Prints the figures that the page would send.
import { readFileSync } from "node:fs";

import { echoOf } from "../../kiosk_ui/client/media/echo.js";
import { Blocks } from "../../kiosk_ui/client/media/level_worklet.js";

const RATE_HZ = 48_000;
const bytes = readFileSync(0);
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const levels = [0, 1].map((side) => {
  const blocks = new Blocks(RATE_HZ);
  const found = [];
  for (let at = 0; at + 256 <= samples.length; at += 256) {
    const quantum = Float32Array.from({ length: 128 }, (_, index) => samples[at + 2 * index + side]);
    found.push(...blocks.push([quantum]).map(({ rms }) => rms));
  }
  return found;
});
console.log(JSON.stringify(echoOf(levels[0], levels[1])));
