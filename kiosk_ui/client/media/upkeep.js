/** When to ask for a connection, and what to send over it: decisions only, free of the browser. */

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

/**
 * @typedef {object} Facts
 * @property {boolean} wanted whether this page needs media now
 * @property {boolean} online whether the socket is open
 * @property {import("./peer.js").PeerState} peer how the page sees its connection
 * @property {VisitSnapshot["media"]} media how web sees it
 * @property {number} sinceJoinMs since a connection was asked for last
 * @property {number} sinceRestartMs since an ICE restart was asked for last
 * @property {number} troubleMs for how long page or web have seen trouble
 */

const BETWEEN_JOINS_MS = 4_000;
const BETWEEN_RESTARTS_MS = 4_000;
const RESTART_TIME_MS = 2_500; // a restart takes 0.2 s where it works at all (interop, section 6)

/**
 * @param {Facts} facts
 * @returns {"join" | "restart" | null}
 */
export function nextMove(facts) {
  if (!facts.wanted || !facts.online) {
    return null;
  }
  if (facts.peer === "none") {
    return facts.sinceJoinMs > BETWEEN_JOINS_MS ? "join" : null;
  }
  const trouble = inTrouble(facts);
  if (trouble && facts.sinceRestartMs > BETWEEN_RESTARTS_MS && facts.troubleMs < RESTART_TIME_MS) {
    return "restart";
  }
  const overdue = facts.troubleMs > RESTART_TIME_MS && facts.sinceJoinMs > BETWEEN_JOINS_MS;
  return trouble && overdue ? "join" : null;
}

/**
 * Connecting is no trouble until it takes long; ``troubleMs`` counts that, too.
 *
 * @param {Pick<Facts, "peer" | "media">} facts
 */
export function inTrouble({ peer, media }) {
  return peer === "lost" || (peer === "connected" && (media === "lost" || media === "none"));
}

const SLOW_MS = 8_000; // a connection that takes longer has failed

/**
 * The same over time, for pages that keep these times themselves: staff's desk and conferences.
 *
 * @param {{joinedAt: number, restartedAt: number, troubleSince: number | null}} times
 * @param {Pick<Facts, "wanted" | "online" | "peer" | "media">} facts
 * @param {number} now in milliseconds, monotonic
 * @returns {{move: "join" | "restart" | null, troubleSince: number | null}}
 */
export function moveAt({ joinedAt, restartedAt, troubleSince }, facts, now) {
  const stuck = facts.peer === "connecting" && now - joinedAt > SLOW_MS;
  const trouble = facts.wanted && (inTrouble(facts) || stuck);
  const since = trouble ? (troubleSince ?? now) : null;
  const move = nextMove({
    ...facts,
    peer: stuck ? "lost" : facts.peer,
    sinceJoinMs: now - joinedAt,
    sinceRestartMs: now - restartedAt,
    troubleMs: since === null ? 0 : now - since,
  });
  return { move, troubleSince: since };
}

const WITH_MEDIA = new Set(["device_check", "consent", "identity", "waiting", "admitted", "in_session"]);

/** @param {VisitSnapshot} snapshot */
export function mediaWanted(snapshot) {
  const { state, mode, elsewhere } = snapshot;
  // Who means to write may still test whether there is another way.
  return WITH_MEDIA.has(state) && (mode !== "text" || state === "device_check") && !elsewhere;
}

/**
 * What is open for nobody: the light of a camera would say that somebody sees the client.
 *
 * @param {VisitSnapshot} snapshot
 * @returns {("microphone" | "camera")[]}
 */
export function unusedDevices({ state, mode, seen_by_adviser: seen }) {
  if (mode === "text" && state !== "device_check") {
    return ["microphone", "camera"];
  }
  const talking = state === "admitted" || state === "in_session";
  return talking && (mode === "audio" || !seen) ? ["camera"] : [];
}

/**
 * Who may not hear or see the client gets no packets: nothing is sent between check and session.
 *
 * @param {VisitSnapshot} snapshot
 * @param {{microphone: boolean, camera: boolean}} on what the client has switched on
 * @returns {{microphone: boolean, camera: boolean}}
 */
export function wantedTracks(snapshot, on) {
  const { step, background } = snapshot.check ?? {};
  switch (snapshot.state) {
    case "device_check":
      return {
        microphone: step === "microphone",
        // What the browser hides is shown here; only the appliance's preview needs the picture.
        camera: step === "camera" || (step === "background" && background !== "none"),
      };
    case "admitted":
    case "in_session":
      return {
        microphone: on.microphone && snapshot.mode !== "text",
        camera: on.camera && snapshot.mode === "video" && snapshot.seen_by_adviser,
      };
    default:
      return { microphone: false, camera: false };
  }
}
