import assert from "node:assert/strict";
import test from "node:test";

import { LevelRecord } from "./level_record.js";
import { Blocks } from "./level_worklet.js";
import { bestVoice, isInUse, listenToAll, realOnes } from "./microphone_search.js";

const RATE_HZ = 48_000;

/** Vowels: a pitch with overtones, that comes and goes. */
const voice = (size) => (index) => {
  const phase = (2 * Math.PI * 140 * index) / RATE_HZ;
  const open = index % 24_000 < 12_000 ? size : size / 300;
  return open * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase));
};
const noise = (size) => () => size * (Math.random() - 0.5);
const hum = (size) => (index) => size * Math.sin((2 * Math.PI * 50 * index) / RATE_HZ);
const taps = (size) => (index) => (index % 9000 < 150 ? size * (Math.random() - 0.5) : 0);

/** @param {(index: number) => number} wave */
function recordOf(wave, seconds = 3) {
  const [blocks, record] = [new Blocks(RATE_HZ), new LevelRecord()];
  for (let at = 0; at < RATE_HZ * seconds; at += 128) {
    const samples = Float32Array.from({ length: 128 }, (_, index) => wave(at + index));
    blocks.push([samples]).forEach((block) => record.add(block));
  }
  return record;
}

const plus =
  (...waves) =>
  (index) =>
    waves.reduce((sum, wave) => sum + wave(index), 0);

/** Microphones that hear these waves; notes what was opened and stopped. */
function room(waves, { together = true, over = () => false } = {}) {
  const seen = { open: 0, most: 0, opened: 0 };
  const search = {
    deviceIds: Object.keys(waves),
    together,
    over,
    wait: async () => {},
    open: async (id) => {
      if (!waves[id]) {
        throw new Error("in use");
      }
      seen.opened += 1;
      seen.most = Math.max(seen.most, (seen.open += 1));
      return { record: recordOf(waves[id]), stop: () => (seen.open -= 1) };
    },
  };
  return { search, seen };
}

const waves = {
  dead: () => 0,
  cable: noise(0.001),
  mixer: hum(0.3),
  keys: taps(0.5),
  busy: null,
  headset: plus(voice(0.1), noise(0.0005)),
  camera: plus(voice(0.02), noise(0.01)),
};

for (const together of [true, false]) {
  test(`the microphone with the voice is found, together: ${together}`, async () => {
    const { search, seen } = room(waves, { together });
    const heard = await listenToAll(search);
    assert.equal(bestVoice(heard), "headset");
    assert.deepEqual(
      heard.filter(({ voiceS }) => voiceS >= 0.4).map(({ deviceId }) => deviceId),
      ["headset", "camera"],
    );
    assert.equal(seen.open, 0); // all are stopped again
    assert.equal(seen.most, together ? 6 : 1);
  });
}

test("where nobody speaks none is offered", async () => {
  const { headset: _headset, camera: _camera, ...silent } = waves;
  assert.equal(bestVoice(await listenToAll(room(silent).search)), "");
  assert.equal(bestVoice([]), "");
});

test("of two that hear alike the louder one", async () => {
  const alike = { far: voice(0.05), near: voice(0.2) };
  assert.equal(bestVoice(await listenToAll(room(alike).search)), "near");
});

test("whoever goes away in between has nothing more opened, and all stopped", async () => {
  let turns = 0;
  const { search, seen } = room(waves, { together: false, over: () => (turns += 1) > 2 });
  await listenToAll(search);
  assert.deepEqual([seen.opened, seen.open], [2, 0]);
});

test("an error while listening stops what was opened", async () => {
  const { search, seen } = room(waves);
  search.wait = async () => {
    throw new Error("gone");
  };
  await assert.rejects(listenToAll(search));
  assert.equal(seen.open, 0);
});

test("the system's name for a microphone is no microphone of its own", () => {
  const devices = [
    { deviceId: "default", groupId: "g1" },
    { deviceId: "a", groupId: "g1" },
    { deviceId: "b", groupId: "g2" },
  ];
  assert.deepEqual(
    realOnes(devices).map(({ deviceId }) => deviceId),
    ["a", "b"],
  );
  assert.equal(isInUse(devices[1], "default", devices), true);
  assert.equal(isInUse(devices[2], "default", devices), false);
  assert.equal(isInUse(devices[2], "b", devices), true);
});
