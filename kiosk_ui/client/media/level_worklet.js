/**
 * Runs in the AudioWorklet: cuts the sound into blocks of 20 ms and says of each block how loud it
 * was. Samples never leave it.
 */

export const BLOCK_MS = 20;
const SILENCE = 1 / 32767; // the smallest step of 16 bit
const CLIPPED = 0.99;
const CLIPPED_RUN = 6; // more than six in a row are a burst; a single full-scale sample is none

/**
 * @typedef {object} Block
 * @property {number} rms 0 to 1
 * @property {number} peak 0 to 1
 * @property {boolean} silent all samples at most one step of 16 bit
 * @property {number} clipped_bursts runs of clipped samples that reached their length in this block
 */

/** Adds samples up to blocks. */
export class Blocks {
  /** @param {number} rateHz */
  constructor(rateHz) {
    this.size = Math.round((rateHz * BLOCK_MS) / 1000);
    this.run = 0;
    this.count = 0;
    this.squares = 0;
    this.peak = 0;
    this.bursts = 0;
  }

  begin() {
    this.count = 0;
    this.squares = 0;
    this.peak = 0;
    this.bursts = 0;
  }

  /**
   * @param {Float32Array} samples one channel
   * @returns {Block[]} the blocks that are now complete
   */
  push(samples) {
    const done = [];
    for (const sample of samples) {
      this.add(Math.abs(sample));
      if (this.count === this.size) {
        done.push(this.finish());
      }
    }
    return done;
  }

  /** @param {number} size of one sample, 0 to 1 */
  add(size) {
    this.count += 1;
    this.squares += size * size;
    this.peak = Math.max(this.peak, size);
    this.run = size >= CLIPPED ? this.run + 1 : 0;
    if (this.run === CLIPPED_RUN + 1) {
      this.bursts += 1;
    }
  }

  /** @returns {Block} */
  finish() {
    const block = {
      rms: Math.sqrt(this.squares / this.size),
      peak: this.peak,
      silent: this.peak <= SILENCE,
      clipped_bursts: this.bursts,
    };
    this.begin();
    return block;
  }
}

if (typeof registerProcessor === "function") {
  registerProcessor(
    "level",
    class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.blocks = new Blocks(sampleRate);
      }

      /** @param {Float32Array[][]} inputs */
      process(inputs) {
        const channel = inputs[0]?.[0];
        if (channel) {
          for (const block of this.blocks.push(channel)) {
            this.port.postMessage(block);
          }
        }
        return true;
      }
    },
  );
}
