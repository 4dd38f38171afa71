/** The adviser's media: own tracks, what of them is sent, a shared screen, the connection's upkeep. */

import { choose } from "../media/chosen.js";
import { openDevice } from "../media/devices.js";
import { Peer } from "../media/peer.js";
import { moveAt } from "../media/upkeep.js";

/** @typedef {import("../../protocol").DeskSnapshot} DeskSnapshot */
/** @typedef {"microphone" | "camera"} DeviceKind */
/** @typedef {"microphone" | "camera" | "screen"} SentKind */

const TICK_MS = 500;

/**
 * Nothing is sent that nobody may or wants to receive.
 *
 * @param {DeskSnapshot | null} snapshot
 * @param {Record<DeviceKind, boolean>} on what the adviser has switched on
 * @returns {Record<SentKind, boolean>}
 */
export function wantedTracks(snapshot, on) {
  const session = snapshot?.elsewhere ? null : snapshot?.session;
  if (!session || session.mode === "text") {
    return { microphone: false, camera: false, screen: false };
  }
  return {
    microphone: on.microphone,
    camera: on.camera && session.mode === "video" && session.sees_adviser,
    screen: session.identity === "confirmed" && session.mode === "video",
  };
}

export class DeskMedia {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {Record<SentKind, MediaStreamTrack | null>} */
    this.tracks = { microphone: null, camera: null, screen: null };
    this.on = { microphone: true, camera: true };
    /** @type {Record<DeviceKind, unknown>} */
    this.failures = { microphone: null, camera: null };
    /** @type {Set<DeviceKind>} */
    this.opening = new Set();
    /** @type {import("../media/peer.js").Slot[]} */
    this.slots = [];
    this.checking = false; // the own check wants a connection, without a session
    this.visitId = "";
    this.said = "";
    this.joinedAt = -Infinity;
    this.restartedAt = -Infinity;
    /** @type {number | null} */
    this.troubleSince = null;
    this.peer = new Peer({
      onAnswer: (peer_id, sdp) => this.answered(peer_id, sdp),
      onTracks: (slots) => this.received(slots),
      onState: () => desk.changed(),
    });
    setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  get snapshot() {
    return this.desk.snapshot;
  }

  /** To be looked at; null while nothing is connected. */
  get connection() {
    return this.peer.state === "connected" ? (this.peer.current?.pc ?? null) : null;
  }

  /** Whether a connection is needed now. */
  get wanted() {
    const session = this.snapshot?.elsewhere ? null : this.snapshot?.session;
    return this.checking || Boolean(session && session.mode !== "text");
  }

  /** @param {import("../../protocol").Offer} offer late ones, of what has ended, are no news */
  take(offer) {
    if (this.wanted) {
      this.peer.take(offer);
    }
  }

  /**
   * @param {string} peer_id
   * @param {string} sdp
   */
  answered(peer_id, sdp) {
    if (this.wanted) {
      this.desk.send({ type: "answer", peer_id, sdp });
    }
  }

  /** @param {import("../media/peer.js").Slot[]} slots */
  received(slots) {
    this.slots = slots;
    this.desk.changed();
  }

  /**
   * A new snapshot: another person means that nothing of the last one may go on. The connection is
   * asked for at once: whoever is let in should not wait for the next beat.
   */
  update() {
    const visitId = this.snapshot?.elsewhere ? "" : (this.snapshot?.session?.visit_id ?? "");
    if (visitId !== this.visitId) {
      this.stop();
      this.visitId = visitId;
      this.on = { microphone: true, camera: true };
      this.failures = { microphone: null, camera: null };
      this.tick(performance.now());
    }
    this.apply();
  }

  /** Attaches what is wanted and there, opens what is wanted and missing, says what is sent. */
  apply() {
    const wanted = wantedTracks(this.snapshot, this.on);
    if (!wanted.screen && this.tracks.screen) {
      this.endScreen();
    }
    for (const kind of /** @type {SentKind[]} */ (["microphone", "camera", "screen"])) {
      void this.peer.send(kind, wanted[kind] ? this.tracks[kind] : null);
    }
    for (const kind of /** @type {DeviceKind[]} */ (["microphone", "camera"])) {
      if (wanted[kind] && !this.tracks[kind] && !this.failures[kind]) {
        void this.open(kind);
      }
    }
    this.say(wanted);
  }

  /** @param {DeviceKind} kind */
  async open(kind) {
    if (this.opening.has(kind)) {
      return;
    }
    this.opening.add(kind);
    const visitId = this.visitId;
    try {
      this.keep(kind, await openDevice(kind), visitId);
    } catch (error) {
      this.failures[kind] = error;
    } finally {
      this.opening.delete(kind);
    }
    this.apply();
    this.desk.changed();
  }

  /**
   * @param {SentKind} kind
   * @param {MediaStreamTrack} track
   * @param {string} visitId the one that it was opened for
   */
  keep(kind, track, visitId) {
    if (visitId !== this.visitId || !visitId) {
      track.stop(); // that conversation has ended meanwhile
      return;
    }
    this.tracks[kind] = track;
    track.addEventListener("ended", () => this.ended(kind, track));
  }

  /**
   * Unplugged, taken away, or sharing ended in the browser's own bar.
   *
   * @param {SentKind} kind
   * @param {MediaStreamTrack} track
   */
  ended(kind, track) {
    if (this.tracks[kind] !== track) {
      return;
    }
    this.tracks[kind] = null;
    if (kind !== "screen") {
      this.failures[kind] = { reason: "ended" };
    }
    this.apply();
    this.desk.changed();
  }

  /**
   * @param {DeviceKind} kind
   * @param {boolean} on
   */
  turn(kind, on) {
    this.on[kind] = on;
    this.failures[kind] = null;
    if (!on) {
      this.tracks[kind]?.stop(); // the lamp goes out, too
      this.tracks[kind] = null;
    }
    this.apply();
    this.desk.changed();
  }

  /**
   * @param {DeviceKind} kind
   * @param {string} deviceId
   */
  change(kind, deviceId) {
    choose(kind, deviceId);
    if (this.visitId && this.on[kind]) {
      this.turn(kind, false);
      this.turn(kind, true);
    }
  }

  /** The own check wants the connection that a conversation would have. */
  startCheck() {
    if (!this.visitId) {
      this.checking = true;
      this.joinedAt = -Infinity;
      this.desk.send({ type: "run_step", kind: "network" });
    }
  }

  endCheck() {
    if (this.checking) {
      this.checking = false;
      this.desk.send({ type: "finish_check" });
      this.peer.close();
    }
  }

  /** Asks which screen or window; refusing is no error. */
  async shareScreen() {
    const visitId = this.visitId;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 10, max: 15 } },
        audio: false,
      });
      const [track] = stream.getVideoTracks();
      track.contentHint = "detail"; // letters stay readable
      this.keep("screen", track, visitId);
    } catch {
      return; // the adviser has thought better of it
    }
    this.apply();
    this.desk.changed();
  }

  endScreen() {
    this.tracks.screen?.stop();
    this.tracks.screen = null;
    this.apply();
    this.desk.changed();
  }

  /** @param {Record<SentKind, boolean>} wanted */
  say(wanted) {
    const microphone = wanted.microphone && this.tracks.microphone !== null;
    const camera = wanted.camera && this.tracks.camera !== null;
    const screen = wanted.screen && this.tracks.screen !== null;
    const words = JSON.stringify([this.visitId, microphone, camera, screen]);
    if (this.visitId && words !== this.said && this.desk.online) {
      this.said = words;
      this.desk.send({ type: "sending", microphone, camera, screen });
    }
  }

  /** The socket is open again: what was said and asked for is not known to web any more. */
  reconnected() {
    this.said = "";
    if (this.wanted && !this.checking) {
      this.join(performance.now(), this.peer.keptId);
    }
    this.apply();
  }

  /**
   * @param {number} now
   * @param {string | null} keptId
   */
  join(now, keptId) {
    this.joinedAt = now;
    this.desk.send({ type: "join_media", peer_id: keptId });
  }

  /** @param {number} now in milliseconds, monotonic */
  tick(now) {
    if (!this.snapshot) {
      return;
    }
    const { wanted, peer: { state: peer } } = this;
    const facts = { wanted, online: this.desk.online, peer, media: this.snapshot.media ?? "none" };
    const { move, troubleSince } = moveAt(this, facts, now);
    this.troubleSince = troubleSince;
    if (move === "join") {
      this.join(now, null);
    } else if (move === "restart") {
      this.restartedAt = now;
      this.desk.send({ type: "restart_media" });
    }
  }

  /** Ends everything at once: tracks, connection, what was received. */
  stop() {
    for (const kind of /** @type {SentKind[]} */ (["microphone", "camera", "screen"])) {
      this.tracks[kind]?.stop();
      this.tracks[kind] = null;
    }
    this.said = "";
    this.joinedAt = -Infinity;
    this.checking = false;
    this.troubleSince = null;
    if (this.peer.state !== "none") {
      this.peer.close();
    }
  }
}
