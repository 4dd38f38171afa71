/**
 * What an earlier client has left in a kiosk's browser is gone before the next one sees a page. It
 * ought to have gone at that client's end: that it was there is told to IT, what it was is not.
 *
 * Permissions are the kiosk's own, given once by its browser's policy: they are nobody's trace. Cookies
 * of a visit cannot be read here; the server revokes them.
 */

import { within } from "../media/time_limit.js";
import { COMFORT, STARTED } from "./places.js";
import { PLACE as SET_UP } from "./set_up.js";

const KEPT_AT_END = [SET_UP, STARTED];
export const KEPT_AT_BEGIN = [...KEPT_AT_END, COMFORT]; // chosen at the greeting, which has wiped the rest
const OWNER = "vorzimmer.kiosk.visit"; // a random id: whose the rest is
const LIMIT_MS = 3_000;

/**
 * The stores of script are emptied before this returns its promise: nobody reads them first.
 *
 * @param {string} visitId
 * @returns {Promise<boolean>} whether there was anything of somebody else
 */
export async function wipeTraces(visitId) {
  if (owner() === visitId) {
    return false; // a reload: all of it is this client's
  }
  const stored = wipeStores(KEPT_AT_BEGIN);
  own(visitId);
  const kept = await within(wipeCaches(), LIMIT_MS).catch(() => false);
  return stored || kept;
}

/** At a client's end; only what the kiosk knows of itself stays. */
export function wipeStores(kept = KEPT_AT_END) {
  let found = false;
  for (const store of stores()) {
    const keys = Object.keys(store).filter((key) => !kept.includes(key));
    found ||= keys.length > 0;
    for (const key of keys) {
      store.removeItem(key);
    }
  }
  return found;
}

/** @returns {Storage[]} */
function stores() {
  try {
    return [localStorage, sessionStorage];
  } catch {
    return []; // switched off: then nobody has left anything there
  }
}

function owner() {
  return stores()[0]?.getItem(OWNER) ?? null;
}

/** @param {string} visitId */
function own(visitId) {
  try {
    localStorage.setItem(OWNER, visitId);
  } catch {
    // Without it a reload counts as another client: wiped once too often, never too rarely.
  }
}

/** Our pages keep neither of these; something else in this profile may have. */
async function wipeCaches() {
  const names = "caches" in window ? await caches.keys() : [];
  await Promise.all(names.map((name) => caches.delete(name)));
  const bases = (await indexedDB.databases?.()) ?? [];
  for (const { name } of bases) {
    indexedDB.deleteDatabase(name ?? "");
  }
  return names.length + bases.length > 0;
}
