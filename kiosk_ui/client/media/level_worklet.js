/**
 * Runs in the AudioWorklet: cuts the sound into blocks of 20 ms and says of each block how loud it
 * was. Samples never leave it.
 */

export const BLOCK_MS = 20;
const SILENCE = 1 / 32767; // the smallest step of 16 bit
const CLIPPED = 0.99;
const PITCH_RATE_HZ = 8000;
const PITCH_SAMPLES = 320; // 40 ms: three periods of a low voice
const SHORTEST_LAG = PITCH_RATE_HZ / 400;
const LONGEST_LAG = Math.floor(PITCH_RATE_HZ / 75);
const PERIODIC = 0.6; // how well a period is repeated by the next one
const CLIPPED_RUN = 6; // more than six in a row are a burst; a single full-scale sample is none

/**
 * @typedef {object} Block
 * @property {number} rms 0 to 1, of all channels mixed down, as they are sent
 * @property {number} peak 0 to 1
 * @property {boolean} silent all samples within one step of 16 bit around a constant
 * @property {number} loudest rms of the loudest channel
 * @property {number} weakest rms of the weakest channel
 * @property {boolean} pitched it repeats itself as a voice does, 75 to 400 times a second
 * @property {number} clipped_bursts runs of clipped samples that reached their length in this block
 */

/** Whether the newest 40 ms repeat themselves at a voice's pitch. */
export class Pitch {
  /** @param {number} rateHz */
  constructor(rateHz) {
    this.step = Math.max(1, Math.round(rateHz / PITCH_RATE_HZ));
    this.samples = new Float64Array(PITCH_SAMPLES);
    this.sum = 0;
    this.count = 0;
  }

  /** @param {number} sample */
  add(sample) {
    this.sum += sample;
    this.count += 1;
    if (this.count === this.step) {
      this.samples.copyWithin(0, 1);
      this.samples[PITCH_SAMPLES - 1] = this.sum / this.step;
      this.sum = 0;
      this.count = 0;
    }
  }

  get found() {
    let before = Infinity;
    let here = this.repeats(SHORTEST_LAG);
    for (let lag = SHORTEST_LAG + 1; lag <= LONGEST_LAG; lag += 1) {
      const next = this.repeats(lag);
      if (here > PERIODIC && here >= before && here > next) {
        return true; // a top in between: a deep hum is only on its way down or up
      }
      [before, here] = [here, next];
    }
    return false;
  }

  /** @param {number} lag */
  repeats(lag) {
    let both = 0;
    let first = 1e-12;
    let second = 1e-12;
    for (let at = 0; at < PITCH_SAMPLES - LONGEST_LAG; at += 1) {
      const [one, other] = [this.samples[at], this.samples[at + lag]];
      both += one * other;
      first += one * one;
      second += other * other;
    }
    return both / Math.sqrt(first * second);
  }
}

/** Adds samples up to blocks. */
export class Blocks {
  /** @param {number} rateHz */
  constructor(rateHz) {
    this.size = Math.round((rateHz * BLOCK_MS) / 1000);
    this.pitch = new Pitch(rateHz);
    /** @type {number[]} of clipped samples in a row, for each channel */
    this.runs = [];
    /** @type {number[]} sums of squares, for each channel */
    this.squares = [];
    /** @type {number[]} lowest and highest sample, for each channel */
    this.lows = [];
    /** @type {number[]} */
    this.highs = [];
    this.count = 0;
    this.mixed = 0;
    this.peak = 0;
    this.bursts = 0;
  }

  begin() {
    this.squares = this.runs.map(() => 0);
    this.lows = this.runs.map(() => Infinity);
    this.highs = this.runs.map(() => -Infinity);
    this.count = 0;
    this.mixed = 0;
    this.peak = 0;
    this.bursts = 0;
  }

  /**
   * @param {Float32Array[]} channels of equal length
   * @returns {Block[]} the blocks that are now complete
   */
  push(channels) {
    if (channels.length !== this.runs.length) {
      this.runs = channels.map(() => 0);
      this.begin(); // plugged in anew: what was counted belongs to another device
    }
    const done = [];
    for (let at = 0; at < channels[0].length; at += 1) {
      this.add(channels, at);
      if (this.count === this.size) {
        done.push(this.finish());
      }
    }
    return done;
  }

  /**
   * @param {Float32Array[]} channels
   * @param {number} at
   */
  add(channels, at) {
    let sum = 0;
    for (let channel = 0; channel < channels.length; channel += 1) {
      const sample = channels[channel][at];
      const size = Math.abs(sample);
      sum += sample;
      this.squares[channel] += sample * sample;
      this.peak = Math.max(this.peak, size);
      this.lows[channel] = Math.min(this.lows[channel], sample);
      this.highs[channel] = Math.max(this.highs[channel], sample);
      this.runs[channel] = size >= CLIPPED ? this.runs[channel] + 1 : 0;
      if (this.runs[channel] === CLIPPED_RUN + 1) {
        this.bursts += 1;
      }
    }
    this.pitch.add(sum / channels.length);
    this.mixed += (sum / channels.length) ** 2;
    this.count += 1;
  }

  /** The widest swing of a channel: a driver's constant offset is silence, too. */
  get swing() {
    return Math.max(...this.highs.map((high, channel) => high - this.lows[channel]));
  }

  /** @returns {Block} */
  finish() {
    const silent = this.swing <= 2 * SILENCE;
    const block = {
      rms: Math.sqrt(this.mixed / this.size),
      loudest: Math.sqrt(Math.max(...this.squares) / this.size),
      weakest: Math.sqrt(Math.min(...this.squares) / this.size),
      peak: this.peak,
      silent,
      pitched: !silent && this.pitch.found,
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
        const channels = inputs[0];
        if (channels?.length) {
          for (const block of this.blocks.push(channels)) {
            this.port.postMessage(block);
          }
        }
        return true;
      }
    },
  );
}
