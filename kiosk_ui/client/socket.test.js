import assert from "node:assert/strict";
import test from "node:test";

import { backoffMs } from "./socket.js";
import { fill } from "./texts.js";

test("the first tries are quick, those after half a minute 4 s apart", () => {
  assert.deepEqual([0, 1, 2, 3, 29, 30].map(backoffMs), [250, 500, 1000, 1000, 1000, 4000]);
});

test("sentences are filled, unknown places stay visible", () => {
  assert.equal(fill("Sie warten seit {minutes} Minuten.", { minutes: 3 }), "Sie warten seit 3 Minuten.");
  assert.equal(fill("{name}", {}), "{name}");
});
