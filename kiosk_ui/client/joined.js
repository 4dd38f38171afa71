/** What client and adviser see and hear of those beside them. Free of the DOM. */

/** @typedef {import("../protocol").SessionPerson} SessionPerson */
/** @typedef {import("./media/peer.js").Slot} Slot */

/**
 * @param {SessionPerson} person
 * @param {Slot[]} slots
 * @returns {MediaStreamTrack | null}
 */
export function pictureOf(person, slots) {
  const shown = person.inside && person.camera && !person.paused;
  return shown ? (slots[person.slot]?.camera ?? null) : null;
}

/**
 * @param {SessionPerson[]} people
 * @param {Slot[]} slots
 * @returns {MediaStreamTrack[]}
 */
export function voicesOf(people, slots) {
  return people
    .filter(({ inside, microphone }) => inside && microphone)
    .map(({ slot }) => slots[slot]?.microphone)
    .filter((track) => track !== undefined);
}

/**
 * What somebody who comes will get of the client, as a key of a sentence.
 *
 * @param {{mode: string, seen_by_adviser: boolean}} snapshot
 */
export function consequenceKey({ mode, seen_by_adviser: seen }) {
  if (mode === "text") {
    return "joins_reads";
  }
  return mode === "video" && seen ? "joins_sees" : "joins_hears";
}
