/** What the stage says in words when there is no picture to see. Free of the DOM. */

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

const LONG_MS = 10_000;

/**
 * @param {VisitSnapshot} snapshot
 * @param {object} media
 * @param {import("../media/peer.js").PeerState} media.peer
 * @param {boolean} media.seen whether there is a picture of the other person
 * @param {number} [media.troubleMs] since when sound and picture are interrupted
 * @returns {{key: string, silent: boolean}} key of a sentence, or empty; whether the other is muted
 */
export function sessionWords(snapshot, { peer, seen, troubleMs = 0 }) {
  const person = snapshot.adviser;
  const silent = Boolean(person?.online && person.media === "connected" && !person.microphone);
  if (snapshot.mode === "text") {
    return { key: person && !person.online ? "other_away" : "text_only", silent: false };
  }
  if (troubleMs > LONG_MS) {
    return { key: "media_lost_long", silent: false };
  }
  if (peer === "lost" || snapshot.media === "lost") {
    return { key: "media_lost", silent: false };
  }
  if (snapshot.state === "admitted" || peer !== "connected") {
    return { key: "being_connected", silent: false };
  }
  if (person && (!person.online || person.media === "lost")) {
    return { key: "other_away", silent: false };
  }
  if (snapshot.mode === "audio") {
    return { key: "sound_only", silent };
  }
  if (person?.paused?.includes("camera")) {
    return { key: "picture_paused", silent };
  }
  return { key: seen ? "" : "other_without_camera", silent };
}

/**
 * What of the client leaves this page, and what of the other is wanted.
 *
 * @param {VisitSnapshot} snapshot
 * @param {{microphone: boolean, camera: boolean}} works switched on, and usable
 * @returns {string[]} keys of sentences
 */
export function nowKeys({ mode, seen_by_adviser: seen, sees_adviser: sees }, { microphone, camera }) {
  if (mode === "text") {
    return ["now_text"];
  }
  const heard = microphone ? "now_heard" : "now_not_heard";
  if (mode === "audio") {
    return [heard, "now_no_pictures"];
  }
  const keys = [heard, seen && camera ? "now_seen" : "now_not_seen"];
  return sees ? keys : [...keys, "now_sees_nobody"];
}
