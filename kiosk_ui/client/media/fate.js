/** What becomes of a track while it is used: it ends, or is taken away for a while. */

const TAKEN_MS = 2_000; // as in thresholds.py: device_taken

/**
 * @typedef {object} Fate
 * @property {() => void} ended unplugged, or the permission was withdrawn
 * @property {() => void} taken by a call, by another program or by the system
 * @property {() => void} given back after it was taken
 */

/**
 * @param {MediaStreamTrack} track
 * @param {Fate} fate
 * @param {() => boolean} [hidden] nobody is blamed for what a hidden page does not get
 */
export function follow(track, fate, hidden = () => document.hidden) {
  let away = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const muted = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (hidden()) {
        muted();
      } else if (track.muted && track.readyState === "live") {
        away = true;
        fate.taken();
      }
    }, TAKEN_MS);
  };
  track.addEventListener("mute", muted);
  track.addEventListener("unmute", () => {
    clearTimeout(timer);
    if (away) {
      away = false;
      fate.given();
    }
  });
  track.addEventListener("ended", () => {
    clearTimeout(timer);
    fate.ended();
  });
}
