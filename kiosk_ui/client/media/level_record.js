/** Collects blocks of 20 ms to the figures that the microphone is judged by. Free of the DOM. */

import { BLOCK_MS } from "./level_worklet.js";

/** @typedef {import("./level_worklet.js").Block} Block */

const FLOOR_DBFS = -120;
const LONGEST_S = 600; // the most that the wire takes: whoever needs longer is measured on
const QUIET_BLOCKS = 800 / BLOCK_MS; // less says nothing about a room
const QUIET_SPREAD_DB = 10; // more between soft and loud: somebody spoke or a door fell shut
const VOICE_OVER_ROOM_DB = 8;
const VOICE_DBFS = -60;
const WINDOW_BLOCKS = (15 * 1000) / BLOCK_MS; // the last 15 s: an old cough is forgotten

/**
 * @param {number} ratio 0 to 1
 * @returns {number} dBFS, at least -120
 */
export function dbfs(ratio) {
  return ratio > 0 ? Math.max(FLOOR_DBFS, 20 * Math.log10(ratio)) : FLOOR_DBFS;
}

/**
 * @param {number[]} sorted ascending
 * @param {number} share 0 to 1
 */
function percentile(sorted, share) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : 0;
}

/** What has been heard since the test began. */
export class LevelRecord {
  /** @param {number | null} [quietDbfs] of the room, before anybody was asked to speak */
  constructor(quietDbfs = null) {
    this.quiet = quietDbfs;
    /** @type {Block[]} */
    this.blocks = [];
    this.heard = 0;
    this.silentBlocks = 0;
    this.clippedBursts = 0;
  }

  /** @param {Block} block */
  add(block) {
    this.heard += 1;
    this.silentBlocks = block.silent ? this.silentBlocks + 1 : 0;
    this.clippedBursts += block.clipped_bursts;
    this.blocks.push(block);
    if (this.blocks.length > WINDOW_BLOCKS) {
      this.blocks.shift();
    }
  }

  /** The newest 100 ms, for the meter. */
  get levelDbfs() {
    const newest = this.blocks.slice(-5);
    return dbfs(Math.max(0, ...newest.map((block) => block.rms)));
  }

  /**
   * How loud the room is while nobody speaks; to be asked for at the end of a phase of silence.
   *
   * @returns {number | null} dBFS, or nothing when it was too short or not quiet
   */
  quietDbfs() {
    const sorted = this.sorted();
    const soft = dbfs(percentile(sorted, 0.1));
    const loud = dbfs(percentile(sorted, 0.9));
    const tells = sorted.length >= QUIET_BLOCKS && loud - soft <= QUIET_SPREAD_DB;
    return tells ? dbfs(percentile(sorted, 0.5)) : null;
  }

  sorted() {
    return this.blocks.map((block) => block.rms).sort((a, b) => a - b);
  }

  /**
   * A guess at how long somebody spoke: pitched, and louder than the room. Good enough to compare
   * microphones; whether it was a voice is judged at the appliance.
   */
  voiceS() {
    const room = dbfs(percentile(this.sorted(), 0.1));
    const least = Math.max(VOICE_DBFS, room + VOICE_OVER_ROOM_DB);
    const voiced = this.blocks.filter(({ pitched, rms }) => pitched && dbfs(rms) > least);
    return (voiced.length * BLOCK_MS) / 1000;
  }

  /** How much louder the loudest channel is than the weakest, while something is to be heard. */
  channelGapDb() {
    const loudest = this.blocks.map((block) => block.loudest).sort((a, b) => a - b);
    const weakest = this.blocks.map((block) => block.weakest).sort((a, b) => a - b);
    return Math.max(0, dbfs(percentile(loudest, 0.95)) - dbfs(percentile(weakest, 0.95)));
  }

  /** The figures of the wire's ``BrowserMicrophone``. */
  figures() {
    const sorted = this.sorted();
    return {
      duration_s: Math.min(LONGEST_S, (this.heard * BLOCK_MS) / 1000),
      digital_silence_s: (this.silentBlocks * BLOCK_MS) / 1000,
      speech_dbfs: dbfs(percentile(sorted, 0.95)),
      noise_dbfs: dbfs(percentile(sorted, 0.1)),
      peak_dbfs: dbfs(this.blocks.reduce((top, block) => Math.max(top, block.peak), 0)),
      clipped_bursts: this.clippedBursts,
      quiet_dbfs: this.quiet,
      channel_gap_db: this.channelGapDb(),
    };
  }
}

/**
 * The voice as it is sent; noise, clipping and dead channels as they were before any processing,
 * which lifts and filters them.
 *
 * @param {LevelRecord} sent
 * @param {LevelRecord} plain of the same person, a moment ago
 */
export function asSent(sent, plain) {
  const [figures, before] = [sent.figures(), plain.figures()];
  return {
    ...figures,
    plain_speech_dbfs: before.speech_dbfs,
    // A sentence without a pause has no noise in it: then the room before it tells.
    noise_dbfs: Math.min(before.noise_dbfs, plain.quiet ?? before.noise_dbfs),
    clipped_bursts: before.clipped_bursts + figures.clipped_bursts,
    channel_gap_db: Math.max(before.channel_gap_db, figures.channel_gap_db),
  };
}
