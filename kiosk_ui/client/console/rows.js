/** What is said of a waiting person and of an appointment, as marks. Free of the DOM. */

/** @typedef {import("../../protocol").WaitingRow} WaitingRow */
/** @typedef {import("../../protocol").AppointmentRow} AppointmentRow */
/** @typedef {{key: string, symbol: string, kind: "" | "good" | "warn" | "bad"}} Said */

/** @type {Record<WaitingRow["readiness"], string>} */
export const LIGHTS = {
  green: "circle-check",
  yellow: "triangle-alert",
  red: "circle-x",
  unknown: "circle",
};

/** @type {Record<import("../../protocol").CheckKind, string>} */
const WITHOUT = {
  system: "message-square",
  microphone: "mic-off",
  camera: "video-off",
  speaker: "volume-x",
  background: "circle-alert",
  network: "wifi-off",
};

/** @type {Partial<Record<WaitingRow["identity"], Said>>} */
const IDENTITY = {
  matched: { key: "identity.matched", symbol: "check", kind: "good" },
  unchecked: { key: "identity.unchecked", symbol: "circle-question-mark", kind: "warn" },
  mismatched: { key: "identity.mismatched", symbol: "phone", kind: "bad" },
  confirmed: { key: "identity.confirmed", symbol: "shield", kind: "good" },
  refused: { key: "identity.refused", symbol: "x", kind: "bad" },
};

/**
 * @param {WaitingRow["identity"]} identity
 * @returns {Said[]}
 */
export function identityMarks(identity) {
  const said = IDENTITY[identity];
  return said ? [said] : [];
}

/**
 * @param {{second_entry?: boolean}} visit
 * @returns {Said[]} a second device of the client, perhaps; somebody else, perhaps
 */
export function entryMarks({ second_entry }) {
  return second_entry ? [{ key: "second_entry", symbol: "users", kind: "warn" }] : [];
}

/**
 * @param {WaitingRow} row
 * @returns {Said[]}
 */
export function waitingMarks(row) {
  /** @type {Said[]} */
  const marks = [];
  if (row.state !== "waiting") {
    marks.push({ key: stateKey(row), symbol: "hourglass", kind: "" });
  }
  if (!row.online) {
    marks.push({ key: "offline", symbol: "wifi-off", kind: "warn" });
  }
  if (row.wants_help) {
    marks.push({ key: "wants_help", symbol: "circle-question-mark", kind: "warn" });
  }
  if (wrote(row)) {
    marks.push({ key: "help.wrote", symbol: "message-square", kind: "warn" });
  }
  marks.push(...entryMarks(row), ...identityMarks(row.identity));
  marks.push(...waivedMarks(row.findings));
  const onlyText = marks.some(({ key }) => key === "waived.system");
  if (row.mode !== "video" && !onlyText) {
    marks.push({ key: `mode.${row.mode}`, symbol: row.mode === "audio" ? "ear" : "message-square", kind: "" });
  }
  return marks;
}

/** @type {Record<string, Said>} */
const MAIL = {
  waiting: { key: "mail.waiting", symbol: "hourglass", kind: "" },
  sent: { key: "mail.sent", symbol: "check", kind: "" },
  failed: { key: "mail.failed", symbol: "triangle-alert", kind: "bad" },
  kept: { key: "mail.kept", symbol: "mail", kind: "warn" },
  none: { key: "mail.none", symbol: "circle", kind: "" },
};

/** @type {Record<string, Said>} */
const STATUS = {
  held: { key: "status.held", symbol: "check", kind: "good" },
  no_show: { key: "status.no_show", symbol: "circle-question-mark", kind: "warn" },
  cancelled: { key: "status.cancelled", symbol: "x", kind: "bad" },
  moved: { key: "status.moved", symbol: "calendar", kind: "" },
};

/** @type {Record<string, Said>} */
const RATHER = {
  telephone: { key: "rather.telephone", symbol: "phone", kind: "warn" },
  visit: { key: "rather.visit", symbol: "building-2", kind: "warn" },
};

/**
 * @param {AppointmentRow} row
 * @returns {Said[]}
 */
export function appointmentMarks(row) {
  const status = STATUS[row.status];
  if (status) {
    return [status];
  }
  const rather = RATHER[row.alternative ?? "none"];
  return rather ? [MAIL[row.mail], rather] : [MAIL[row.mail]];
}

/**
 * What the client goes on without; "only text" says all the rest.
 *
 * @param {WaitingRow["findings"]} findings
 * @returns {Said[]}
 */
export function waivedMarks(findings) {
  const kinds = findings.filter(({ verdict }) => verdict === "waived").map(({ kind }) => kind);
  const said = kinds.includes("system") ? kinds.filter((kind) => kind === "system") : kinds;
  return said.map((kind) => ({ key: `waived.${kind}`, symbol: WITHOUT[kind], kind: "warn" }));
}

/**
 * @param {WaitingRow[]} before
 * @param {WaitingRow[]} now
 * @returns {boolean} whether somebody has come into the waiting room
 */
export function someoneArrived(before, now) {
  const known = new Set(before.filter(({ state }) => state === "waiting").map((row) => row.visit_id));
  return now.some((row) => row.state === "waiting" && !known.has(row.visit_id));
}

/**
 * @param {WaitingRow} row
 * @returns {boolean} whether the client's last line has no answer yet
 */
export function wrote({ help }) {
  return help?.lines.at(-1)?.sender === "client";
}

/**
 * @param {WaitingRow[]} before
 * @param {WaitingRow[]} now
 * @returns {WaitingRow | null} somebody who has called for help since
 */
export function someoneCalled(before, now) {
  const known = new Set(before.filter(({ wants_help }) => wants_help).map((row) => row.visit_id));
  return now.find((row) => row.wants_help && !known.has(row.visit_id)) ?? null;
}

/** @param {WaitingRow} row */
export function stateKey({ state, without_appointment: free }) {
  return free && state === "identity" ? "state.identity_free" : `state.${state}`;
}

/** @param {WaitingRow[]} rows */
export function waitingCount(rows) {
  return rows.filter(({ state }) => state === "waiting").length;
}
