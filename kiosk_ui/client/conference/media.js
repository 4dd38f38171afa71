/** Own tracks, what of them is sent, and the connection's upkeep. */

import { Hiding } from "../media/background/hiding.js";
import { choose } from "../media/chosen.js";
import { openDevice } from "../media/devices.js";
import { Peer } from "../media/peer.js";
import { moveAt } from "../media/upkeep.js";

/** @typedef {"microphone" | "camera"} DeviceKind */

/** @type {DeviceKind[]} */
const DEVICES = ["microphone", "camera"];
const TICK_MS = 500;

export class ConferenceMedia {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    /** @type {Record<DeviceKind, MediaStreamTrack | null>} */
    this.tracks = { microphone: null, camera: null };
    this.on = { microphone: true, camera: true };
    /** @type {Record<DeviceKind, unknown>} */
    this.failures = { microphone: null, camera: null };
    /** @type {Set<DeviceKind>} */
    this.opening = new Set();
    /** @type {Record<DeviceKind, number>} what the browser hands out for an older wish is late */
    this.wishes = { microphone: 0, camera: 0 };
    /** @type {import("../media/peer.js").Slot[]} */
    this.slots = [];
    this.hiding = new Hiding({
      onChange: () => this.hidden(),
      onTrouble: (trouble) => this.trouble(trouble),
    });
    this.muted = false; // by the host, as last seen
    this.said = "";
    this.joinedAt = -Infinity;
    this.restartedAt = -Infinity;
    /** @type {number | null} */
    this.troubleSince = null;
    this.peer = new Peer({
      onAnswer: (peer_id, sdp) => conference.send({ type: "answer", peer_id, sdp }),
      onTracks: (slots) => this.received(slots),
      onState: () => conference.changed(),
    });
    if (this.hiding.applianceAgreed) {
      this.hiding.choose(this.hiding.look); // of a visit in this window; here nobody hides but the browser
    }
    setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  get snapshot() {
    return this.conference.snapshot;
  }

  /** Whether a connection is needed now. */
  get wanted() {
    const { snapshot } = this;
    return Boolean(snapshot && snapshot.state === "inside" && !snapshot.over && !snapshot.elsewhere);
  }

  /** @returns {Record<DeviceKind, boolean>} nothing is sent that nobody may receive */
  get wantedTracks() {
    const wanted = this.wanted && !this.snapshot?.text_only;
    const { on } = this;
    return {
      microphone: wanted && on.microphone && !this.snapshot?.muted,
      camera: wanted && on.camera && this.snapshot?.mode === "video",
    };
  }

  /** What stands behind the person has changed, or the engine that puts it there. */
  hidden() {
    this.apply();
    this.conference.changed();
    this.conference.onPicture?.();
  }

  /** @param {import("../media/background/engine.js").Trouble} trouble */
  trouble(trouble) {
    if (trouble === "lost") {
      this.on.camera = false; // asked in a moment: the engine stays, and says why
      this.apply();
    }
    this.conference.hidingDialog.show(trouble);
  }

  /**
   * What leaves this page: never more of the camera than its person lets be seen.
   *
   * @param {DeviceKind} kind
   */
  outgoing(kind) {
    return kind === "microphone" ? this.tracks.microphone : this.hiding.outgoing;
  }

  /** @param {import("../../protocol").Offer} offer late ones, of what has ended, are no news */
  take(offer) {
    if (this.wanted) {
      this.peer.take(offer);
    }
  }

  /** @param {import("../media/peer.js").Slot[]} slots */
  received(slots) {
    this.slots = slots;
    this.conference.changed();
  }

  update() {
    const muted = this.snapshot?.muted ?? false;
    if (muted && !this.muted) {
      this.turn("microphone", false); // the switch shows it; switching on again is theirs
    }
    this.muted = muted;
    if (!this.wanted && this.peer.state !== "none") {
      this.stop();
    } else if (this.wanted && this.peer.state === "none") {
      this.tick(performance.now());
    }
    this.apply();
  }

  /** Attaches what is wanted and there, opens what is wanted and missing, says what is sent. */
  apply() {
    const wanted = this.wantedTracks;
    for (const kind of DEVICES) {
      void this.peer.send(kind, wanted[kind] ? this.outgoing(kind) : null);
      if (wanted[kind] && !this.tracks[kind] && !this.failures[kind]) {
        void this.open(kind);
      }
    }
    const microphone = wanted.microphone && this.outgoing("microphone") !== null;
    const camera = wanted.camera && this.outgoing("camera") !== null;
    const words = JSON.stringify([microphone, camera]);
    if (this.wanted && words !== this.said && this.conference.online) {
      this.said = words;
      this.conference.send({ type: "sending", microphone, camera });
    }
  }

  /** @param {DeviceKind} kind */
  async open(kind) {
    if (this.opening.has(kind)) {
      return;
    }
    this.opening.add(kind);
    const wish = this.wishes[kind];
    try {
      const track = await openDevice(kind);
      if (wish === this.wishes[kind]) {
        this.keep(kind, track);
      } else {
        track.stop(); // another one was chosen meanwhile
      }
    } catch (error) {
      this.failures[kind] = error;
    } finally {
      this.opening.delete(kind);
    }
    this.apply();
    this.conference.changed();
  }

  /**
   * @param {DeviceKind} kind
   * @param {MediaStreamTrack} track
   */
  keep(kind, track) {
    if (!this.wanted || !this.on[kind]) {
      track.stop(); // it was left or switched off meanwhile
      return;
    }
    this.tracks[kind] = track;
    this.hiding.source(this.tracks.camera);
    track.addEventListener("ended", () => {
      if (this.tracks[kind] === track) {
        this.release(kind);
        this.failures[kind] = { reason: "ended" };
        this.apply();
        this.conference.changed();
      }
    });
  }

  /** @param {DeviceKind} kind the lamp goes out, too */
  release(kind) {
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
    this.hiding.source(this.tracks.camera);
  }

  /**
   * Another device, from now on and the next time.
   *
   * @param {DeviceKind} kind
   * @param {string} deviceId
   */
  async change(kind, deviceId) {
    choose(kind, deviceId);
    this.wishes[kind] += 1;
    this.failures[kind] = null;
    this.release(kind);
    this.apply();
  }

  /**
   * @param {DeviceKind} kind
   * @param {boolean} on
   */
  turn(kind, on) {
    this.on[kind] = on;
    this.failures[kind] = null;
    if (!on) {
      this.release(kind);
    } else if (kind === "camera") {
      this.hiding.retry();
    }
    if (on && kind === "microphone" && this.snapshot?.muted) {
      this.conference.send({ type: "speak_again" });
    }
    this.apply();
    this.conference.changed();
  }

  /** The socket is open again: what was said and asked for is not known to web any more. */
  reconnected() {
    this.said = "";
    if (this.wanted) {
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
    this.conference.send({ type: "join_media", peer_id: keptId });
  }

  /** @param {number} now in milliseconds, monotonic */
  tick(now) {
    if (!this.snapshot) {
      return;
    }
    const { wanted, peer: { state: peer } } = this;
    const facts = { wanted, online: this.conference.online, peer, media: this.snapshot.media };
    const { move, troubleSince } = moveAt(this, facts, now);
    this.troubleSince = troubleSince;
    if (move === "join") {
      this.join(now, null);
    } else if (move === "restart") {
      this.restartedAt = now;
      this.conference.send({ type: "restart_media" });
    }
  }

  /** Ends everything at once: tracks, connection, what was received. */
  stop() {
    DEVICES.forEach((kind) => this.release(kind));
    this.said = "";
    this.joinedAt = -Infinity;
    this.troubleSince = null;
    if (this.peer.state !== "none") {
      this.peer.close();
    }
  }
}
