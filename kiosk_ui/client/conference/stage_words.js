/** What is said where there is no picture of somebody in a conference. Free of the DOM. */

/** @typedef {import("../../protocol").ConferencePerson} Person */

/**
 * Whether a picture is sent that the own line carries.
 *
 * @param {Person} person
 */
export function carries({ camera, paused }) {
  return camera && !paused;
}

/**
 * @param {Person | undefined} person the large one
 * @param {number} n of people
 * @returns {string} key of a sentence
 */
export function largeKey(person, n) {
  if (person?.camera && person.paused) {
    return "picture_paused";
  }
  return n > 1 ? "no_camera" : "nobody";
}
