/**
 * The page's connection to the relay. The relay always offers; the page answers. A new ``peer_id``
 * is a new connection, made before the old one is closed.
 */

import { Rehearsal } from "./rehearsal.js";
import { within } from "./time_limit.js";

/** @typedef {import("../../protocol").Offer} Offer */
/** @typedef {"microphone" | "camera" | "screen"} TrackKind */
/** @typedef {Partial<Record<TrackKind, MediaStreamTrack>>} Slot */
/** @typedef {"none" | "connecting" | "connected" | "lost"} PeerState */

/**
 * @typedef {object} PeerEvents
 * @property {(peerId: string, sdp: string) => void} onAnswer
 * @property {(slots: Slot[]) => void} onTracks what is received now, by slot
 * @property {(state: PeerState) => void} onState
 */

/** @type {TrackKind[]} */
const KINDS = ["microphone", "camera", "screen"];
const SENT_SECTIONS = 3; // mids 0 to 2 are sent, from 3 on received, three for each slot
const STEP_LIMIT_MS = 10_000;
const OLD_LIVES_MS = 5_000;

/** One RTCPeerConnection with the id that the relay knows it by. */
export class Connection {
  /**
   * @param {string} peerId
   * @param {RTCIceServer[]} iceServers the agency's own detour, or none
   */
  constructor(peerId, iceServers) {
    this.peerId = peerId;
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    /** @type {Slot[]} */
    this.slots = [];
    /** @type {Partial<Record<TrackKind, MediaStreamTrack | null>>} what was last asked for */
    this.asked = {};
  }

  /** @param {TrackKind} kind */
  transceiver(kind) {
    const mid = String(KINDS.indexOf(kind));
    return this.pc.getTransceivers().find((one) => one.mid === mid);
  }

  /** @param {RTCTrackEvent} event */
  receive(event) {
    const place = Number(event.transceiver.mid) - SENT_SECTIONS;
    if (place >= 0) {
      const slot = Math.floor(place / KINDS.length);
      this.slots[slot] ??= {};
      this.slots[slot][KINDS[place % KINDS.length]] = event.track;
    }
  }
}

/**
 * A restart looks for ways anew, and the detour wants a credential that is still good.
 *
 * @param {RTCPeerConnection} pc
 * @param {RTCIceServer[]} iceServers
 */
function renewCredentials(pc, iceServers) {
  if (iceServers.length && pc.remoteDescription) {
    try {
      pc.setConfiguration({ ...pc.getConfiguration(), iceServers });
    } catch {
      // An older browser: the direct way may still carry.
    }
  }
}

/** All connections of this page: normally one, two for a moment. */
export class Peer {
  /** @param {PeerEvents} events */
  constructor(events) {
    this.events = events;
    /** @type {Connection | null} */
    this.current = null;
    /** @type {Connection | null} */
    this.old = null;
    /** @type {Record<TrackKind, MediaStreamTrack | null>} */
    this.tracks = { microphone: null, camera: null, screen: null };
    /** @type {Promise<void>} */
    this.queue = Promise.resolve();
    /** @type {Rehearsal | null} */
    this.rehearsal = null;
  }

  /** @returns {PeerState} */
  get state() {
    if (!this.current) {
      return "none";
    }
    switch (this.current.pc.connectionState) {
      case "connected":
        return "connected";
      case "disconnected":
      case "failed":
      case "closed":
        return "lost";
      default: // one that replaces another: that carries until this one does
        return this.old?.pc.connectionState === "connected" ? "connected" : "connecting";
    }
  }

  /** The id to be named when the socket was away; null when there is nothing to be kept. */
  get keptId() {
    return this.state === "connected" && this.current ? this.current.peerId : null;
  }

  /**
   * Offers are answered one after the other.
   *
   * @param {Offer} offer
   */
  take(offer) {
    this.queue = this.queue.then(() => this.answer(offer)).catch(() => this.tell());
  }

  /** @param {Offer} offer */
  async answer({ peer_id: peerId, sdp, ice_servers: iceServers = [] }) {
    const connection = this.connectionFor(peerId, iceServers);
    if (!connection) {
      return;
    }
    const { pc } = connection;
    renewCredentials(pc, iceServers);
    await within(pc.setRemoteDescription({ type: "offer", sdp }), STEP_LIMIT_MS);
    for (const kind of KINDS) {
      await this.attach(connection, kind);
    }
    const answer = await within(pc.createAnswer(), STEP_LIMIT_MS);
    await within(pc.setLocalDescription(answer), STEP_LIMIT_MS);
    this.events.onAnswer(peerId, pc.localDescription?.sdp ?? "");
  }

  /**
   * @param {string} peerId
   * @param {RTCIceServer[]} iceServers
   * @returns {Connection | null} null: asked for by a rehearsal that has ended
   */
  connectionFor(peerId, iceServers) {
    if (this.current?.peerId === peerId) {
      return this.current;
    }
    const { rehearsal } = this;
    if (!rehearsal?.expects) {
      return this.open(peerId, iceServers);
    }
    if (rehearsal.over) {
      this.rehearsal = null;
      return null;
    }
    const connection = this.make(peerId, iceServers);
    rehearsal.begin(connection);
    return connection;
  }

  /**
   * @param {string} peerId
   * @param {RTCIceServer[]} iceServers
   */
  open(peerId, iceServers) {
    if (this.rehearsed) {
      this.rehearsal?.end(null); // there is a real one to be made
    }
    const connection = this.make(peerId, iceServers);
    this.use(connection);
    setTimeout(() => this.closeOld(connection), OLD_LIVES_MS);
    return connection;
  }

  /**
   * @param {string} peerId
   * @param {RTCIceServer[]} iceServers
   */
  make(peerId, iceServers) {
    const connection = new Connection(peerId, iceServers);
    connection.pc.ontrack = (event) => {
      connection.receive(event);
      this.show(connection);
    };
    return connection;
  }

  /** @param {Connection} connection */
  use(connection) {
    this.old?.pc.close();
    this.old = this.current;
    this.current = connection;
    connection.pc.onconnectionstatechange = () => this.changed(connection);
  }

  /**
   * Joins a second time beside the connection in use, which stays when the second fails.
   *
   * @param {() => void} ask web for a new offer
   * @param {number} limitMs
   * @returns {Promise<boolean | null>} null: no offer came, and nothing is known
   */
  rehearse(ask, limitMs) {
    const rehearsal = new Rehearsal(limitMs, (connection) => {
      this.use(connection);
      this.changed(connection);
    });
    this.rehearsal = rehearsal;
    ask();
    return rehearsal.result;
  }

  /** The second connection while it is being made. */
  get rehearsed() {
    return this.rehearsal && !this.rehearsal.over ? this.rehearsal.connection : null;
  }

  /** @param {Connection} connection */
  changed(connection) {
    if (connection !== this.current) {
      return;
    }
    if (connection.pc.connectionState === "connected") {
      this.closeOld(connection);
      this.show(connection);
    }
    this.tell();
  }

  /**
   * The old picture stands until the new connection carries.
   *
   * @param {Connection} connection
   */
  show(connection) {
    const carries = !this.old || connection.pc.connectionState === "connected";
    if (connection === this.current && carries) {
      this.events.onTracks(connection.slots);
    }
  }

  /** @param {Connection} connection */
  closeOld(connection) {
    if (connection === this.current && this.old) {
      this.old.pc.close();
      this.old = null;
      this.show(connection);
    }
  }

  tell() {
    this.events.onState(this.state);
  }

  /**
   * Without a track no packets are sent: mute is real.
   *
   * @param {TrackKind} kind
   * @param {MediaStreamTrack | null} track
   */
  async send(kind, track) {
    this.tracks[kind] = track;
    // The old connection carries until the new one does: what must not be seen leaves it, too.
    const all = [this.current, this.old, this.rehearsed].filter((one) => one !== null);
    await Promise.all(all.map((one) => this.attach(one, kind).catch(() => {})));
  }

  /**
   * @param {Connection} connection
   * @param {TrackKind} kind
   */
  async attach(connection, kind) {
    const transceiver = connection.transceiver(kind);
    if (!transceiver || connection.pc.signalingState === "closed") {
      return;
    }
    transceiver.direction = "sendonly";
    const track = this.tracks[kind];
    // While the browser negotiates it keeps what is asked for in a queue, and the sender still has
    // the track from before: judged by that, "nothing" would be left out and the picture sent.
    const there = kind in connection.asked ? connection.asked[kind] : transceiver.sender.track;
    if (there === track) {
      return;
    }
    connection.asked[kind] = track;
    try {
      // On a connection that is closed meanwhile it never settles, and later offers wait behind it.
      await within(transceiver.sender.replaceTrack(this.tracks[kind]), STEP_LIMIT_MS);
    } catch (error) {
      if (connection.asked[kind] === track) {
        delete connection.asked[kind]; // asked for anew the next time
      }
      throw error;
    }
  }

  close() {
    this.rehearsal?.end(null);
    this.old?.pc.close();
    this.current?.pc.close();
    this.old = null;
    this.current = null;
    this.events.onTracks([]);
    this.tell();
  }
}
