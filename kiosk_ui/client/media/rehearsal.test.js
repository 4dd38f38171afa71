import assert from "node:assert/strict";
import test from "node:test";

import { Peer } from "./peer.js";

/** Connections that carry when the test says so. */
class Faked {
  constructor() {
    this.connectionState = "new";
    this.closed = false;
    this.signalingState = "stable";
    this.localDescription = { sdp: "answer" };
    this.onconnectionstatechange = () => {};
    const sender = {
      /** @type {unknown} */ track: null,
      /** @param {unknown} track */
      replaceTrack: async (track) => {
        sender.track = track;
      },
    };
    this.transceivers = [{ mid: "1", sender }];
  }

  async setRemoteDescription() {}
  async setLocalDescription() {}
  async createAnswer() {
    return {};
  }

  getTransceivers() {
    return this.transceivers;
  }

  /** @param {string} state */
  become(state) {
    this.connectionState = state;
    this.onconnectionstatechange();
  }

  close() {
    this.closed = true;
    this.connectionState = "closed";
  }
}

/** @param {import("node:test").TestContext} t */
async function connected(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.RTCPeerConnection = /** @type {any} */ (Faked);
  /** @type {string[]} */
  const answered = [];
  const peer = new Peer({ onAnswer: (id) => answered.push(id), onTracks() {}, onState() {} });
  await offer(peer, "first");
  pcOf(peer).become("connected");
  return { peer, answered };
}

/**
 * @param {Peer} peer
 * @param {string} peer_id
 */
async function offer(peer, peer_id) {
  peer.take({ type: "offer", peer_id, sdp: "" });
  await peer.queue;
}

/** @param {Peer} peer */
function pcOf(peer) {
  return /** @type {any} */ (peer.current?.pc);
}

test("a second connection takes over as soon as it carries", async (t) => {
  const { peer, answered } = await connected(t);
  const first = pcOf(peer);
  const rehearsal = peer.rehearse(() => {}, 5_000);
  const pending = peer.rehearsal;
  await offer(peer, "second");
  assert.equal(peer.current?.peerId, "first");
  /** @type {any} */ (pending?.connection?.pc).become("connected");
  assert.equal(await rehearsal, true);
  assert.equal(peer.current?.peerId, "second");
  assert.ok(first.closed);
  assert.deepEqual(answered, ["first", "second"]);
});

test("one that fails leaves the connection in use alone", async (t) => {
  const { peer } = await connected(t);
  const rehearsal = peer.rehearse(() => {}, 5_000);
  const pending = peer.rehearsal;
  await offer(peer, "second");
  t.mock.timers.tick(5_000);
  assert.equal(await rehearsal, false);
  assert.equal(peer.current?.peerId, "first");
  assert.equal(peer.state, "connected");
  assert.ok(/** @type {any} */ (pending?.connection?.pc).closed);
});

test("an offer that comes too late is not taken, and the next one is", async (t) => {
  const { peer, answered } = await connected(t);
  const rehearsal = peer.rehearse(() => {}, 5_000);
  t.mock.timers.tick(5_000);
  assert.equal(await rehearsal, null);
  await offer(peer, "late");
  assert.equal(peer.current?.peerId, "first");
  await offer(peer, "third");
  assert.equal(peer.current?.peerId, "third");
  assert.deepEqual(answered, ["first", "third"]);
});

test("what is switched while the second connection is made holds for it, too", async (t) => {
  const { peer } = await connected(t);
  const shown = /** @type {any} */ ("the room");
  await peer.send("camera", shown);
  const rehearsal = peer.rehearse(() => {}, 5_000);
  await offer(peer, "second");
  const second = /** @type {any} */ (peer.rehearsed?.pc);
  assert.equal(second.transceivers[0].sender.track, shown);
  await peer.send("camera", null);
  second.become("connected");
  assert.equal(await rehearsal, true);
  assert.equal(second.transceivers[0].sender.track, null);
});

test("an end ends the second connection, too", async (t) => {
  const { peer } = await connected(t);
  const rehearsal = peer.rehearse(() => {}, 5_000);
  await offer(peer, "second");
  const second = /** @type {any} */ (peer.rehearsed?.pc);
  peer.close();
  assert.equal(await rehearsal, null);
  assert.ok(second.closed);
  second.become("connected");
  assert.equal(peer.current, null);
});
