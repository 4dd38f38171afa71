/** Which pictures of the other person are shown: those sent that the own line carries. Free of the DOM. */

/**
 * @param {import("../../protocol").Person | null | undefined} person
 * @returns {{camera: boolean, screen: boolean}}
 */
export function carriedPictures(person) {
  const paused = person?.paused ?? [];
  return {
    camera: Boolean(person?.camera) && !paused.includes("camera"),
    screen: Boolean(person?.screen) && !paused.includes("screen"),
  };
}
