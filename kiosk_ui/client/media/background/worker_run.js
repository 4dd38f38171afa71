/** Hides the room in a worker, where the browser hands frames to workers (Chromium). */

/**
 * @typedef {object} Streams of Chromium, not in the standard library's types
 * @property {new (wanted: {track: MediaStreamTrack, maxBufferSize: number}) => {readable: ReadableStream}} MediaStreamTrackProcessor
 * @property {new (wanted: {kind: "video"}) => MediaStreamTrack & {writable: WritableStream}} MediaStreamTrackGenerator
 */

const streams = /** @type {Partial<Streams>} */ (/** @type {unknown} */ (globalThis));

export const canRunInWorker =
  typeof streams.MediaStreamTrackProcessor === "function" &&
  typeof streams.MediaStreamTrackGenerator === "function" &&
  typeof OffscreenCanvas === "function";

const END_MS = 1_000; // for giving the frames back

/** @typedef {{createPolicy: (name: string, rules: {createScriptURL: (address: string) => string}) => {createScriptURL: (address: string) => string}}} Factory */

/** The one script address that is ever made here; the policy's name stands in the page's headers. */
const ADDRESS = new URL("./worker.js", import.meta.url).href;
const factory = /** @type {{trustedTypes?: Factory}} */ (globalThis).trustedTypes;
const policy = factory?.createPolicy("background-worker", { createScriptURL: () => ADDRESS });

export class WorkerRun {
  /**
   * @param {MediaStreamTrack} raw
   * @param {string} look
   * @param {(said: import("./runner.js").Said) => void} say
   */
  constructor(raw, look, say) {
    const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } =
      /** @type {Streams} */ (streams);
    const { readable } = new Processor({ track: raw, maxBufferSize: 1 });
    const generator = new Generator({ kind: "video" });
    this.track = /** @type {MediaStreamTrack} */ (generator);
    this.worker = new Worker(policy?.createScriptURL("") ?? ADDRESS, { type: "module" });
    this.worker.onmessage = ({ data }) => say(data);
    this.worker.onerror = () => say({ type: "failed" });
    const { writable } = generator;
    this.worker.postMessage({ type: "begin", readable, writable, look }, [readable, writable]);
  }

  /** @param {import("./runner.js").Told} told */
  tell(told) {
    this.worker.postMessage(told, told.type === "picture" ? [told.bitmap] : []);
  }

  end() {
    this.track.stop();
    this.tell({ type: "end" });
    setTimeout(() => this.worker.terminate(), END_MS);
  }
}
