import assert from "node:assert/strict";
import test from "node:test";

import { Peer } from "./peer.js";

/** A connection whose browser is busy negotiating: it takes tracks in order, when the test says so. */
function busy() {
  const queue = [];
  const sender = { track: null };
  sender.replaceTrack = (track) =>
    new Promise((resolve) => queue.push(() => resolve((sender.track = track))));
  const connection = { asked: {}, transceiver: () => ({ sender }), pc: { signalingState: "stable" } };
  return { sender, connection, work: () => queue.splice(0).forEach((one) => one()) };
}

const quiet = { onAnswer() {}, onTracks() {}, onState() {} };

test("what is taken back before the browser has attached it is not sent", async () => {
  const peer = new Peer(quiet);
  const { sender, connection, work } = busy();
  peer.current = connection;
  const sends = [peer.send("camera", "raw"), peer.send("camera", null)];
  work();
  await Promise.all(sends);
  assert.equal(sender.track, null);
  const again = [peer.send("camera", "hidden"), peer.send("camera", null), peer.send("camera", "hidden")];
  work();
  await Promise.all(again);
  assert.equal(sender.track, "hidden");
});

test("the old connection stops sending at once, too", async () => {
  const peer = new Peer(quiet);
  const [old, current] = [busy(), busy()];
  old.sender.track = "raw";
  Object.assign(peer, { old: old.connection, current: current.connection });
  const sent = peer.send("camera", "hidden");
  old.work();
  current.work();
  await sent;
  assert.deepEqual([old.sender.track, current.sender.track], ["hidden", "hidden"]);
});

test("a track that was not taken is offered again", async () => {
  const peer = new Peer(quiet);
  const taken = [];
  const sender = { track: null };
  sender.replaceTrack = async (track) => {
    taken.push(track);
    throw new Error("not now");
  };
  peer.current = { asked: {}, transceiver: () => ({ sender }), pc: { signalingState: "stable" } };
  await peer.send("camera", "hidden");
  await peer.send("camera", "hidden");
  assert.deepEqual(taken, ["hidden", "hidden"]);
});

test("a track that is never taken holds up no later offer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const peer = new Peer({ onAnswer() {}, onTracks() {}, onState() {} });
  const sender = { track: undefined, replaceTrack: () => new Promise(() => {}) };
  const connection = { asked: {}, transceiver: () => ({ sender }), pc: { signalingState: "stable" } };
  const attached = peer.attach(connection, "camera");
  t.mock.timers.tick(10_000);
  await assert.rejects(attached, { name: "TimeLimit" });
});

/** A browser's connection that notes what it was told, in order. */
class NotingConnection {
  constructor(configuration) {
    this.configuration = configuration;
    this.told = [];
    this.remoteDescription = null;
    NotingConnection.made.push(this);
  }
  static made = [];
  getConfiguration() {
    return this.configuration;
  }
  setConfiguration(configuration) {
    this.configuration = configuration;
    this.told.push("configuration");
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.told.push("offer");
  }
  getTransceivers() {
    return [];
  }
  async createAnswer() {
    return {};
  }
  async setLocalDescription() {}
  close() {}
}

test("the detour is known from the beginning, and a restart renews its credential first", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.RTCPeerConnection = NotingConnection;
  const peer = new Peer(quiet);
  const offer = (username) => ({
    peer_id: "c-1",
    sdp: "v=0",
    ice_servers: [{ urls: ["the agency"], username, credential: "x" }],
  });
  await peer.answer(offer("first"));
  const [pc] = NotingConnection.made;
  assert.equal(pc.configuration.iceServers[0].username, "first");
  assert.deepEqual(pc.told, ["offer"]);
  await peer.answer(offer("second"));
  assert.equal(pc.configuration.iceServers[0].username, "second");
  assert.equal(pc.configuration.bundlePolicy, "max-bundle");
  assert.deepEqual(pc.told, ["offer", "configuration", "offer"]);
  pc.setConfiguration = () => {
    throw new Error("not in this browser");
  };
  await peer.answer(offer("third"));
  assert.equal(pc.told.length, 4);
  assert.equal(NotingConnection.made.length, 1);
});

test("what replaces a connection is no interruption while the old one carries", () => {
  const peer = new Peer(quiet);
  const made = (connectionState) => ({ pc: { connectionState } });
  peer.current = made("connecting");
  assert.equal(peer.state, "connecting");
  peer.old = made("connected");
  assert.equal(peer.state, "connected");
  peer.old = made("failed");
  assert.equal(peer.state, "connecting");
});
