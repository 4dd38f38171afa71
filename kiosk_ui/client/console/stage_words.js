/** What the stage says when there is no picture, and when the connection has failed. Free of the DOM. */

/** @typedef {import("../../protocol").SessionView} SessionView */

/**
 * @param {SessionView} session
 * @returns {string} key of a sentence
 */
export function noPictureKey(session) {
  if (session.mode === "text") {
    return "text_only";
  }
  if (session.client.media !== "connected") {
    return "connecting";
  }
  if (session.mode === "audio") {
    return "sound_only";
  }
  if (session.client.paused?.includes("camera")) {
    return "picture_paused";
  }
  return session.seen_by_adviser ? "camera_off" : "no_camera_wanted";
}

/**
 * @param {SessionView} session
 * @param {boolean} ownTrouble whether the desk's own connection has failed
 * @returns {string} key of a sentence; empty when all is well
 */
export function troubleKey(session, ownTrouble) {
  if (!session.client.online) {
    return "window_closed";
  }
  if (session.mode === "text") {
    return "";
  }
  if (ownTrouble) {
    return "own_lost";
  }
  return session.client.media === "lost" ? "other_lost" : "";
}
