import assert from "node:assert/strict";
import test from "node:test";

import { classify } from "./device_error.js";

const SLOW = { tookMs: 4_000 };
const AT_ONCE = { tookMs: 30 };

/** what happened, refusal -> what it is; names and states as the browsers give them */
const CASES = [
  // Chromium
  ["Chromium, said no", { name: "NotAllowedError", before: "prompt", permission: "denied", ...SLOW }, "denied_by_browser"],
  ["Chromium, closed the question", { name: "NotAllowedError", before: "prompt", permission: "prompt", ...SLOW }, "prompt_dismissed"],
  ["Chromium, no of earlier days", { name: "NotAllowedError", before: "denied", permission: "denied", askedEver: true, ...AT_ONCE }, "denied_by_browser"],
  ["Chromium, never asked and refused at once", { name: "NotAllowedError", before: "denied", permission: "denied", askedEver: false, ...AT_ONCE }, "denied_by_policy"],
  ["Chromium, never asked, refused slowly", { name: "NotAllowedError", before: "denied", permission: "denied", askedEver: false, ...SLOW }, "denied_by_browser"],
  ["Chromium, by system", { name: "NotAllowedError", before: "granted", permission: "granted", ...AT_ONCE }, "denied_by_system"],
  ["Chromium, camera no, microphone yes", { name: "NotAllowedError", before: "prompt", permission: "denied", other: "granted", ...SLOW }, "denied_one_of_two"],
  ["Chromium, no device", { name: "NotFoundError", before: "prompt", permission: "prompt", listed: false, ...AT_ONCE }, "not_found"],
  ["Chromium on Windows, in use", { name: "NotReadableError", before: "granted", permission: "granted" }, "in_use"],
  ["Chromium, timeout starting video source", { name: "AbortError", before: "granted", permission: "granted" }, "in_use"],
  ["in use for the second time", { name: "NotReadableError", permission: "granted", rounds: 2 }, "in_use"],
  ["in use for the third time", { name: "NotReadableError", permission: "granted", rounds: 3 }, "broken"],
  ["Chromium, exact id gone", { name: "OverconstrainedError", permission: "granted", listed: true }, "overconstrained"],
  ["Chromium, exact id gone, none left", { name: "OverconstrainedError", permission: "granted", listed: false }, "not_found"],
  ["Chromium, question overlooked", { name: "TimeLimit", before: "prompt", permission: "prompt", tookMs: 20_000 }, "prompt_dismissed"],
  ["a driver that never answers", { name: "TimeLimit", before: "granted", permission: "granted", tookMs: 20_000 }, "timed_out"],
  // Firefox
  ["Firefox, said no for good", { name: "NotAllowedError", before: "prompt", permission: "denied", ...SLOW }, "denied_by_browser"],
  ["Firefox, said no once", { name: "NotAllowedError", before: "prompt", permission: "prompt", ...SLOW }, "prompt_dismissed"],
  ["Firefox, blocked for this tab", { name: "NotAllowedError", before: "prompt", permission: "prompt", ...AT_ONCE }, "denied_by_browser"],
  ["Firefox without the question's state", { name: "NotAllowedError", before: "unknown", permission: "unknown", ...SLOW }, "denied_by_browser"],
  ["Firefox, system keeps a listed device", { name: "NotFoundError", before: "prompt", permission: "prompt", listed: true }, "denied_by_system"],
  ["Firefox, in use", { name: "NotReadableError", before: "unknown", permission: "unknown" }, "in_use"],
  // Safari
  ["Safari, said no", { name: "NotAllowedError", before: "prompt", permission: "denied", ...SLOW }, "denied_by_browser"],
  ["Safari, said no, state unknown", { name: "NotAllowedError", before: "unknown", permission: "unknown", ...AT_ONCE }, "denied_by_browser"],
  ["Safari, too much wanted", { name: "OverconstrainedError", permission: "granted", listed: true }, "overconstrained"],
  ["Safari, page not in front", { name: "InvalidStateError", permission: "prompt" }, "timed_out"],
  ["a web view that never answers", { name: "TimeLimit", before: "unknown", permission: "unknown", tookMs: 20_000 }, "prompt_dismissed"],
  ["old names", { name: "PermissionDeniedError", before: "prompt", permission: "denied", ...SLOW }, "denied_by_browser"],
  ["something else", { name: "TypeError", permission: "unknown", listed: false }, "unsupported"],
];

for (const [what, refusal, wanted] of CASES) {
  test(`${what}: ${wanted}`, () => {
    assert.equal(classify({ listed: true, ...refusal }), wanted);
  });
}

test("the message is never looked at", () => {
  const refusal = { name: "NotAllowedError", permission: "prompt", listed: true, tookMs: 4_000 };
  const message = "Permission denied by system";
  assert.equal(classify({ ...refusal, message }), classify(refusal));
});
