import assert from "node:assert/strict";
import test from "node:test";

import { classify } from "./device_error.js";

/** name, permission, listed -> what it is */
const CASES = [
  ["NotAllowedError", "denied", true, "denied_by_browser"],
  ["NotAllowedError", "unknown", true, "denied_by_browser"],
  ["NotAllowedError", "prompt", true, "prompt_dismissed"],
  ["NotAllowedError", "granted", true, "denied_by_system"],
  ["NotFoundError", "prompt", false, "not_found"],
  ["NotFoundError", "granted", true, "denied_by_system"],
  ["NotReadableError", "granted", true, "in_use"],
  ["AbortError", "granted", true, "in_use"],
  ["OverconstrainedError", "granted", true, "overconstrained"],
  ["OverconstrainedError", "granted", false, "not_found"],
  ["TimeLimit", "prompt", true, "prompt_dismissed"],
  ["TimeLimit", "granted", true, "timed_out"],
  ["TypeError", "unknown", false, "unsupported"],
];

for (const [name, permission, listed, wanted] of CASES) {
  test(`${name}, permission ${permission}, ${listed ? "listed" : "not listed"}: ${wanted}`, () => {
    assert.equal(classify({ name, permission, listed }), wanted);
  });
}
