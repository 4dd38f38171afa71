/** MediaPipe's selfie segmentation, served by the appliance, on the processor. */

import { fuse, SIDE, withoutIslands } from "./mask.js";

/** @typedef {HTMLCanvasElement | OffscreenCanvas} Surface */

/**
 * @typedef {object} Task the few members of the library's ImageSegmenter that we use
 * @property {(image: ImageData, take: (result: {confidenceMasks?: {getAsFloat32Array: () => Float32Array}[]}) => void) => void} segment
 * @property {() => void} close
 */

const VENDOR = new URL("../../../vendor/", import.meta.url);
const SQUARE = "models/selfie_segmentation.tflite";
const LANDSCAPE = "models/selfie_segmentation_landscape.tflite";
const LIBRARY = "tasks-vision/vision_bundle.mjs";
const LOADER = "tasks-vision/vision_wasm_module_internal.js";
const BINARY = "tasks-vision/vision_wasm_module_internal.wasm";

/** @param {string} file of those that the appliance serves, kept by the browser for ever */
const at = (file) => new URL(file, VENDOR).href;

export class Segmenter {
  /**
   * @param {(width: number, height: number) => Surface} surface makes a canvas
   * @param {() => void} onLost the browser has taken the WebGL context away
   */
  constructor(surface, onLost) {
    this.surface = surface;
    this.onLost = onLost;
    /** @type {Task | null} */
    this.square = null;
    /** @type {Task | null} */
    this.landscape = null;
    this.turns = false;
    this.landscapeTurn = false;
    /** @type {Float32Array | null} */
    this.bySquare = null;
    /** @type {Float32Array | null} */
    this.byLandscape = null;
  }

  /**
   * The 11 MB that are loaded once. How long that takes says something about the line, nothing
   * about the device; afterwards they come from the browser's store.
   */
  async fetch() {
    const files = [LIBRARY, LOADER, BINARY, SQUARE];
    await Promise.all(files.map(async (file) => (await fetch(at(file))).arrayBuffer()));
  }

  /** Raises what the library raises, without WebGL2 for instance. */
  async load() {
    this.square = await this.task(SQUARE);
  }

  /** The second model; without it the first one serves alone. */
  async loadSecond() {
    this.landscape = await this.task(LANDSCAPE);
  }

  /**
   * @param {string} model
   * @returns {Promise<Task>}
   */
  async task(model) {
    const [{ ImageSegmenter }, { default: ModuleFactory }, answer] = await Promise.all([
      import(at(LIBRARY)),
      import(at(LOADER)),
      fetch(at(model)),
    ]);
    if (!answer.ok) {
      throw new Error("the model is not there");
    }
    const canvas = this.surface(1, 1);
    canvas.addEventListener("webglcontextlost", () => this.onLost());
    // The library forgets the factory after each task and would load it by a script element.
    Object.assign(globalThis, { ModuleFactory });
    return await ImageSegmenter.createFromOptions(
      { wasmLoaderPath: "", wasmBinaryPath: at(BINARY) },
      {
        baseOptions: {
          modelAssetBuffer: new Uint8Array(await answer.arrayBuffer()),
          delegate: "CPU",
        },
        canvas,
        runningMode: "IMAGE",
        outputConfidenceMasks: true,
        outputCategoryMask: false,
      },
    );
  }

  /**
   * @param {ImageData} picture SIDE x SIDE
   * @param {boolean} upright squeezed pictures of that kind are no use for the second model
   * @returns {Float32Array | null} null before ``load`` has ended
   */
  person(picture, upright) {
    if (!this.square) {
      return null;
    }
    const { square, landscape } = this;
    const mask =
      landscape && !upright
        ? this.byBoth(square, landscape, picture)
        : maskOf(square, picture);
    withoutIslands(mask);
    return mask;
  }

  /**
   * @param {Task} square
   * @param {Task} landscape
   * @param {ImageData} picture
   */
  byBoth(square, landscape, picture) {
    this.landscapeTurn = !this.landscapeTurn;
    if (!this.turns || this.landscapeTurn || !this.bySquare) {
      this.byLandscape = maskOf(landscape, picture);
    }
    if (!this.turns || !this.landscapeTurn || !this.bySquare) {
      this.bySquare = maskOf(square, picture);
    }
    const mask = this.bySquare.slice();
    fuse(mask, /** @type {Float32Array} */ (this.byLandscape));
    return mask;
  }

  close() {
    this.square?.close();
    this.landscape?.close();
    this.square = null;
    this.landscape = null;
  }
}

/**
 * @param {Task} task
 * @param {ImageData} picture
 * @returns {Float32Array} a copy of its own
 */
function maskOf(task, picture) {
  const mask = new Float32Array(SIDE * SIDE);
  task.segment(picture, ({ confidenceMasks }) => {
    const found = confidenceMasks?.[0]?.getAsFloat32Array();
    if (found?.length !== mask.length) {
      throw new Error("the mask has another size");
    }
    mask.set(found);
  });
  return mask;
}
