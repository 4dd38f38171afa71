/** Whether this browser can hide a room at all; quick, and without asking for anything. */

import { canRunInWorker } from "./worker_run.js";

// The smallest module with a vector instruction: browsers without them lack the build that is served.
const WITH_SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
);

/** The library needs WebGL 2 even when it computes on the processor. */
function hasWebGl() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext(); // browsers allow only so many
    return context !== null;
  } catch {
    return false;
  }
}

export function capable() {
  return (
    globalThis.isSecureContext &&
    typeof WebAssembly === "object" &&
    WebAssembly.validate(WITH_SIMD) &&
    (canRunInWorker || "captureStream" in HTMLCanvasElement.prototype) &&
    hasWebGl()
  );
}
