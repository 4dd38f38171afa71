// The page's own search for the kiosk's tone, fed with samples instead of a microphone: float32 from
// standard input, mono. Argument: rate. Prints what the page would send.
import { readFileSync } from "node:fs";

import { findChirp } from "../../kiosk_ui/client/media/chirp.js";

const bytes = readFileSync(0);
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
console.log(JSON.stringify(findChirp(samples, Number(process.argv[2]))));
