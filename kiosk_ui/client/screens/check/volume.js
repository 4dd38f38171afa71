/** How much data a conversation needs, in the reader's words. Free of the browser. */

const USUAL_MIN = 30;
const GB_PER_MIN = { picture: 0.015, sound: 0.001 }; // 1 Mbit/s each way; Opus with its headers

/**
 * @param {number | undefined} minutes as booked; nothing is booked on the test page
 * @param {boolean} withPicture
 * @param {string} language
 * @returns {{minutes: number, volume: string}}
 */
export function volumeOf(minutes, withPicture, language) {
  const booked = minutes || USUAL_MIN;
  const gb = booked * GB_PER_MIN[withPicture ? "picture" : "sound"];
  const volume = gb.toLocaleString(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  return { minutes: booked, volume };
}
