/** The page's media as a whole: own tracks, what of them is sent, and the connection's upkeep. */

import { Hiding } from "./background/hiding.js";
import { choose } from "./chosen.js";
import { list, openDevice, switchProcessingOn, unprocessed } from "./devices.js";
import { follow } from "./fate.js";
import { Peer } from "./peer.js";
import { permission } from "./permission.js";
import { inTrouble, mediaWanted, nextMove, unusedDevices, wantedTracks } from "./upkeep.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {"microphone" | "camera"} SentKind */

/**
 * @typedef {object} SessionEvents
 * @property {(command: import("../../protocol").ClientCommand) => void} send
 * @property {() => boolean} online
 * @property {() => void} onChange tracks, switches or connection have changed
 * @property {(kind: SentKind) => void} onEnded a device was unplugged, and there is no other
 * @property {(kind: SentKind) => void} onReplaced it was unplugged, and another one is used now
 * @property {(kind: SentKind, taken: boolean) => void} onTaken by a call or the system; given back
 * @property {(trouble: import("./background/engine.js").Trouble) => void} onHidingTrouble
 */

const TICK_MS = 500;

/** A device is not wanted any more, or another one is wanted in its place. */
class Overtaken extends Error {}

export class MediaSession {
  /** @param {SessionEvents} events */
  constructor(events) {
    this.events = events;
    /** @type {Record<SentKind, MediaStreamTrack | null>} */
    this.tracks = { microphone: null, camera: null };
    this.on = { microphone: true, camera: true };
    /** @type {Record<SentKind, unknown>} */
    this.failures = { microphone: null, camera: null };
    /** @type {Partial<Record<SentKind, Promise<MediaStreamTrack>>>} */
    this.opening = {};
    /** @type {Record<SentKind, number>} what the browser hands out for an older wish is late */
    this.wishes = { microphone: 0, camera: 0 };
    /** @type {Record<SentKind, Promise<unknown>>} the newest question to the browser, till its end */
    this.asked = { microphone: Promise.resolve(), camera: Promise.resolve() };
    /** @type {import("./peer.js").Slot[]} */
    this.slots = [];
    this.plain = false; // the microphone is opened to be measured
    /** @type {VisitSnapshot | null} */
    this.snapshot = null;
    this.said = "";
    this.joinedAt = -Infinity;
    this.restartedAt = -Infinity;
    /** @type {number | null} */
    this.troubleSince = null;
    this.troubleMs = 0;
    this.peer = new Peer({
      onAnswer: (peer_id, sdp) => events.send({ type: "answer", peer_id, sdp }),
      onTracks: (slots) => {
        this.slots = slots;
        this.events.onChange();
      },
      onState: () => this.events.onChange(),
    });
    this.stopped = false; // over here until a snapshot says that it goes on
    this.hiding = new Hiding({
      onChange: () => this.apply(),
      onTrouble: (trouble) => this.hidingTrouble(trouble),
    });
    setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  /**
   * Opens a device once; later calls get the same track while it lives.
   *
   * @param {SentKind} kind
   * @returns {Promise<MediaStreamTrack>}
   */
  open(kind) {
    const track = this.tracks[kind];
    if (track?.readyState === "live") {
      return Promise.resolve(track);
    }
    return (this.opening[kind] ??= this.openAnew(kind));
  }

  /**
   * The microphone as it is, to be measured. Never two captures of one device at once: some
   * browsers silence the first one, others take its processing away.
   */
  async openPlain() {
    const { microphone } = this.tracks;
    const underWay = this.opening.microphone && !this.plain;
    this.plain = true;
    if (underWay || (microphone && !unprocessed(microphone))) {
      this.release("microphone");
    }
    return await this.open("microphone");
  }

  /**
   * The microphone as it is sent, once it has been measured; nothing where there is none.
   *
   * @returns {Promise<MediaStreamTrack | null>}
   */
  async process() {
    this.plain = false;
    await this.opening.microphone?.catch(() => {});
    const { microphone } = this.tracks;
    if (!microphone || this.plain) {
      return null;
    }
    const asSent = !unprocessed(microphone) || (await switchProcessingOn(microphone));
    if (asSent || this.plain || this.tracks.microphone !== microphone) {
      return this.tracks.microphone; // gone on without by now, or measured anew
    }
    this.release("microphone");
    return await this.open("microphone");
  }

  /**
   * Nothing is asked for after the end; what comes for an older wish is stopped, or the light of a
   * camera would stay on for nobody.
   *
   * @param {SentKind} kind
   * @returns {Promise<MediaStreamTrack>}
   */
  async openAnew(kind) {
    const wish = this.wishes[kind];
    this.failures[kind] = null;
    try {
      const track = await this.askFor(kind, wish);
      this.follow(kind, track);
      this.tracks[kind] = track;
      delete this.opening[kind];
      this.hiding.source(this.tracks.camera);
      this.apply();
      return track;
    } catch (error) {
      if (wish !== this.wishes[kind]) {
        return await this.newer(kind);
      }
      delete this.opening[kind];
      this.failures[kind] = error;
      throw error;
    }
  }

  /**
   * One question at a time: the answer to an older one is waited for, and put away.
   *
   * @param {SentKind} kind
   * @param {number} wish
   */
  async askFor(kind, wish) {
    const before = this.asked[kind];
    const answer = before.then(async () => {
      const wanted = () => !this.stopped && wish === this.wishes[kind];
      const track = wanted() ? await openDevice(kind, this.plain) : null;
      if (!track || !wanted()) {
        track?.stop();
        throw new Overtaken();
      }
      return track;
    });
    this.asked[kind] = answer.catch(() => {});
    return await answer;
  }

  /**
   * Whoever waits for an older wish gets what is wanted now, if anything.
   *
   * @param {SentKind} kind
   * @returns {Promise<MediaStreamTrack>}
   */
  newer(kind) {
    const track = this.tracks[kind];
    return track ? Promise.resolve(track) : (this.opening[kind] ?? Promise.reject(new Overtaken()));
  }

  /**
   * @param {SentKind} kind
   * @param {MediaStreamTrack} track
   */
  follow(kind, track) {
    const mine = () => this.tracks[kind] === track;
    follow(track, {
      ended: () => mine() && void this.replace(kind),
      taken: () => mine() && this.events.onTaken(kind, true),
      given: () => mine() && this.events.onTaken(kind, false),
    });
  }

  /**
   * Another device takes over, unless the browser would have to ask for it.
   *
   * @param {SentKind} kind
   */
  async replace(kind) {
    this.failures[kind] = "ended"; // or the conversation would open one, and the browser ask
    this.release(kind);
    const allowed = await permission(kind);
    const another = allowed !== "denied" && allowed !== "prompt" && (await list(kind)).length > 0;
    const track = another ? await this.open(kind).catch(() => null) : null;
    if (track) {
      this.events.onReplaced(kind);
    } else {
      this.events.onEnded(kind);
    }
  }

  /** @param {SentKind} kind */
  release(kind) {
    this.forget(kind);
    this.apply();
  }

  /**
   * Stops the device, and the one that is still to come.
   *
   * @param {SentKind} kind
   */
  forget(kind) {
    this.wishes[kind] += 1;
    delete this.opening[kind];
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
    this.hiding.source(this.tracks.camera);
  }

  /**
   * @param {SentKind} kind
   * @param {string} deviceId
   */
  async change(kind, deviceId) {
    choose(kind, deviceId);
    this.release(kind);
    return await this.open(kind);
  }

  /**
   * @param {SentKind} kind
   * @param {boolean} on
   */
  async turn(kind, on) {
    this.on[kind] = on;
    this.failures[kind] = null;
    if (kind === "camera" && on) {
      this.hiding.retry();
    } else if (kind === "camera" && (this.snapshot?.state ?? "device_check") !== "device_check") {
      this.forget(kind); // its light goes out, too
    }
    this.apply();
  }

  /** @param {import("./background/engine.js").Trouble} trouble */
  hidingTrouble(trouble) {
    if (trouble === "lost") {
      this.on.camera = false; // asked in a moment: the engine stays, and says why
      this.apply();
    }
    this.events.onHidingTrouble(trouble);
  }

  /** @param {VisitSnapshot} snapshot */
  update(snapshot) {
    this.snapshot = snapshot;
    this.hiding.recall(snapshot.check ?? null);
    if (snapshot.state === "closed" || snapshot.elsewhere) {
      this.stop();
    } else {
      this.stopped = false;
      unusedDevices(snapshot).forEach((kind) => this.forget(kind));
      this.apply();
    }
  }

  /** Attaches what is wanted and there, opens what is wanted and missing, says what is sent. */
  apply() {
    if (!this.snapshot || this.stopped) {
      return;
    }
    const wanted = wantedTracks(this.snapshot, this.on);
    for (const kind of /** @type {SentKind[]} */ (["microphone", "camera"])) {
      void this.peer.send(kind, wanted[kind] ? this.outgoing(kind) : null);
      if (wanted[kind] && !this.tracks[kind] && !this.failures[kind] && this.inSession()) {
        this.open(kind).catch(() => this.events.onChange());
      }
    }
    this.say(wanted);
    this.events.onChange();
  }

  /** The connection, where it carries; for the line test. */
  get connection() {
    return this.peer.state === "connected" ? (this.peer.current?.pc ?? null) : null;
  }

  /**
   * What of a device leaves this page; of the camera never more than the client lets be seen.
   *
   * @param {SentKind} kind
   */
  outgoing(kind) {
    if (kind === "microphone") {
      return this.tracks.microphone;
    }
    // In the check a picture that is still closed would be judged as one out of focus.
    const closed = this.hiding.engine?.hasPerson === false;
    if ((closed && !this.inSession()) || this.applianceUnaware()) {
      return null;
    }
    return this.hiding.outgoing;
  }

  /** Agreed, but web does not hide the room (yet): the raw picture would go on to the adviser. */
  applianceUnaware() {
    const { hidden, applianceAgreed } = this.hiding;
    return hidden && applianceAgreed && this.snapshot?.check?.background === "none";
  }

  inSession() {
    return this.snapshot?.state === "admitted" || this.snapshot?.state === "in_session";
  }

  /** @param {{microphone: boolean, camera: boolean}} wanted */
  say(wanted) {
    const microphone = wanted.microphone && this.outgoing("microphone") !== null;
    const camera = wanted.camera && this.outgoing("camera") !== null;
    const words = JSON.stringify([microphone, camera]);
    if (this.inSession() && words !== this.said && this.events.online()) {
      this.said = words;
      this.events.send({ type: "sending", microphone, camera, screen: false });
    }
  }

  /** The socket is open again: what was said and asked for is not known to web any more. */
  reconnected() {
    this.said = "";
    this.joinedAt = -Infinity;
    if (this.snapshot && mediaWanted(this.snapshot)) {
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
    this.events.send({ type: "join_media", peer_id: keptId });
  }

  /** @param {number} now in milliseconds, monotonic */
  tick(now) {
    if (!this.snapshot || this.stopped) {
      return;
    }
    const facts = { peer: this.peer.state, media: this.snapshot.media };
    const stuck = facts.peer === "connecting" && now - this.joinedAt > 8_000;
    this.troubleSince = inTrouble(facts) || stuck ? (this.troubleSince ?? now) : null;
    this.tellTrouble(now);
    const move = nextMove({
      ...facts,
      peer: stuck ? "lost" : facts.peer,
      wanted: mediaWanted(this.snapshot),
      online: this.events.online(),
      sinceJoinMs: now - this.joinedAt,
      sinceRestartMs: now - this.restartedAt,
      troubleMs: this.troubleMs,
    });
    if (move === "join") {
      this.join(now, null);
    } else if (move === "restart") {
      this.restartedAt = now;
      this.events.send({ type: "restart_media" });
    }
  }

  /** @param {number} now */
  tellTrouble(now) {
    const before = this.troubleMs;
    this.troubleMs = this.troubleSince === null ? 0 : now - this.troubleSince;
    if (before !== this.troubleMs) {
      this.events.onChange();
    }
  }

  /** Ends everything at once: tracks, connection, what was received. */
  stop() {
    this.stopped = true; // before anything below could open a device again
    this.forget("microphone");
    this.forget("camera");
    if (this.peer.state !== "none") {
      this.peer.close();
    }
    this.events.onChange();
  }
}
