// A kiosk's own look at itself before a client, against a browser whose devices and stores are as a
// case says. Cases by standard input, JSON: name -> {setUp, here, left, cached, owner}. Prints, for
// each, what the page would send.
import { readFileSync } from "node:fs";

import { missingNow } from "../../kiosk_ui/client/kiosk/hardware.js";
import { rememberSetUp } from "../../kiosk_ui/client/kiosk/set_up.js";
import { wipeTraces } from "../../kiosk_ui/client/kiosk/traces.js";

const KINDS = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };

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

/** @param {{here: {kind: string, label: string}[], left?: object, cached?: string[]}} one */
function browser({ here, left = {}, cached = [] }) {
  const devices = here.map(({ kind, label }, index) => ({
    kind: KINDS[kind],
    label,
    deviceId: `id-${index}`,
    groupId: "",
  }));
  const media = { enumerateDevices: async () => devices };
  Object.defineProperty(globalThis, "navigator", {
    value: { mediaDevices: media },
    configurable: true,
  });
  globalThis.window = globalThis;
  globalThis.localStorage = Object.assign(new Store(), left);
  globalThis.sessionStorage = new Store();
  globalThis.caches = { keys: async () => cached, delete: async () => true };
  globalThis.indexedDB = { databases: async () => [] };
}

const cases = JSON.parse(readFileSync(0, "utf-8"));
const told = {};
for (const [name, one] of Object.entries(cases)) {
  browser(one);
  if (one.setUp) {
    rememberSetUp({ devices: one.setUp, gain_db: null });
  }
  const kiosk_traces = await wipeTraces("this-visit");
  told[name] = { kiosk_traces, kiosk_missing: await missingNow() };
}
console.log(JSON.stringify(told));
