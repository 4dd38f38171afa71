/** The kiosk's speaker test: its own microphone hears its own tone, and nobody is asked anything. */

import { setUpBefore } from "../../kiosk/set_up.js";
import { choose, chosen } from "../../media/chosen.js";
import { NoDevice } from "../../media/devices.js";
import { loopBack } from "../../media/loop_back.js";

/** @typedef {import("../../../protocol").LoopBack} LoopBack */

/**
 * Plays the tone and seeks it. The microphone is the visit's, as it is for that moment.
 *
 * @param {import("../../visit.js").Visit} visit
 * @param {boolean} again after a first time in vain: whatever was chosen here is set back
 * @returns {Promise<LoopBack>}
 */
export async function hearItself(visit, again) {
  const set_up_gain_db = setUpBefore()?.gain_db ?? null;
  const known = /** @type {const} */ ({ kind: "speaker", set_up_gain_db });
  if (!visit.media.on.microphone) {
    return { ...known, error: "not_found" }; // who goes on without one is not listened to
  }
  if (again) {
    await setBack(visit);
  }
  try {
    const track = await visit.media.openPlain();
    return { ...known, ...(await loopBack(track, chosen("speaker"))) };
  } catch (error) {
    return { ...known, error: error instanceof NoDevice ? error.reason : "timed_out" };
  } finally {
    await visit.media.process().catch(() => {}); // or "again" would overtake it; the session says what is missing
  }
}

/**
 * What a page can restore by itself: the system's own output, and sound that is on.
 *
 * @param {import("../../visit.js").Visit} visit
 */
async function setBack(visit) {
  choose("speaker", "");
  visit.sound.muted = false;
  await visit.sound.useOutput("");
}
