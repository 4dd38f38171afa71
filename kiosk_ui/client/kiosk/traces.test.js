import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { PLACE as SET_UP } from "./set_up.js";
import { wipeStores, wipeTraces } from "./traces.js";

/** As browsers have it: what is kept are properties of the object itself. */
class Store {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, words) {
    this[key] = words;
  }
  removeItem(key) {
    delete this[key];
  }
}

let cached = [];
let bases = [];

beforeEach(() => {
  cached = [];
  bases = [];
  globalThis.window = globalThis;
  globalThis.localStorage = new Store();
  globalThis.sessionStorage = new Store();
  globalThis.caches = {
    keys: async () => cached,
    delete: async (name) => (cached = cached.filter((one) => one !== name)),
  };
  globalThis.indexedDB = {
    databases: async () => bases,
    deleteDatabase: (name) => (bases = bases.filter((one) => one.name !== name)),
  };
  localStorage.setItem(SET_UP, "{}");
});

test("a clean kiosk is clean", async () => {
  assert.equal(await wipeTraces("visit-1"), false);
});

test("what the client before has left is gone before anybody reads it", async () => {
  await wipeTraces("visit-1");
  localStorage.setItem("vorzimmer.devices", "{}");
  sessionStorage.setItem("vorzimmer.check", "signed");
  const found = wipeTraces("visit-2");
  assert.equal(sessionStorage.getItem("vorzimmer.check"), null);
  assert.equal(await found, true);
  assert.equal(localStorage.getItem("vorzimmer.devices"), null);
  assert.equal(localStorage.getItem(SET_UP), "{}");
});

test("a reload is the same client", async () => {
  await wipeTraces("visit-1");
  localStorage.setItem("vorzimmer.devices", "{}");
  assert.equal(await wipeTraces("visit-1"), false);
  assert.equal(localStorage.getItem("vorzimmer.devices"), "{}");
});

test("who has gone properly has left nothing", async () => {
  await wipeTraces("visit-1");
  localStorage.setItem("vorzimmer.devices", "{}");
  wipeStores();
  assert.equal(await wipeTraces("visit-2"), false);
});

test("caches and data bases of this profile count, too", async () => {
  cached = ["pages"];
  assert.equal(await wipeTraces("visit-1"), true);
  bases = [{ name: "notes" }];
  assert.equal(await wipeTraces("visit-2"), true);
  assert.deepEqual([cached, bases], [[], []]);
});
