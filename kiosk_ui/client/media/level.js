/** Listens to a track on this device and reports its level. Nothing is kept, nothing is sent. */

import { LevelRecord } from "./level_record.js";
import { within } from "./time_limit.js";

const LOAD_LIMIT_MS = 10_000;

/** @type {AudioContext | null} */
let engine = null;

/** To be called in a click: a sleeping audio engine gives no level. */
export function wakeAudio() {
  engine ??= new AudioContext();
  if (engine.state !== "running") {
    within(engine.resume(), LOAD_LIMIT_MS).catch(() => {}); // without a click it waits for one
  }
  return engine;
}

/** A track being listened to. */
export class Listening {
  /**
   * @param {MediaStreamTrack} track
   * @param {LevelRecord} [record] to go on with, when the same person speaks on another track
   */
  constructor(track, record = new LevelRecord()) {
    this.track = track;
    this.record = record;
    /** @type {AudioNode[]} */
    this.nodes = [];
    this.stopped = false;
  }

  /** @returns {Promise<void>} */
  async start() {
    const audio = wakeAudio();
    const address = new URL("./level_worklet.js", import.meta.url);
    await within(audio.audioWorklet.addModule(address), LOAD_LIMIT_MS);
    if (this.stopped) {
      return;
    }
    const source = audio.createMediaStreamSource(new MediaStream([this.track]));
    const worklet = new AudioWorkletNode(audio, "level", { numberOfOutputs: 0 });
    worklet.port.onmessage = ({ data }) => this.record.add(data);
    source.connect(worklet);
    this.nodes = [source, worklet];
  }

  /** The engine sleeps until somebody clicks: levels stay away, whatever is said. */
  get asleep() {
    return engine !== null && engine.state !== "running";
  }

  /**
   * Begins anew.
   *
   * @param {number | null} [quietDbfs] what the room was like before
   */
  again(quietDbfs = this.record.quiet) {
    this.record = new LevelRecord(quietDbfs);
  }

  stop() {
    this.stopped = true;
    for (const node of this.nodes) {
      node.disconnect();
    }
    this.nodes = [];
  }
}
