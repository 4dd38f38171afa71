/**
 * Whether the person may be seen in a frame, and which track may leave: decisions only.
 *
 * Both fail closed. Without a fresh mask nothing sharp is painted; with a background chosen the raw
 * track never leaves, unless the client has agreed that the appliance hides the room.
 */

export const MASK_AGE_MS = 500; // media study, part 2, section 7

export class Gate {
  constructor() {
    /** @type {number | null} */
    this.maskAt = null;
  }

  /** @param {number} now a mask has come (milliseconds, monotonic) */
  masked(now) {
    this.maskAt = now;
  }

  /** Another picture comes: its first mask is still to come. */
  restart() {
    this.maskAt = null;
  }

  /** @param {number} now */
  open(now) {
    return this.maskAt !== null && now - this.maskAt <= MASK_AGE_MS;
  }
}

/**
 * @template T
 * @typedef {object} Tracks
 * @property {T | null} raw
 * @property {T | null} generated
 * @property {boolean} hidden a background was chosen
 * @property {boolean} applianceAgreed the client has said that the appliance may hide the room
 */

/**
 * The one place that decides which picture leaves the device.
 *
 * @template T
 * @param {Tracks<T>} tracks
 * @returns {T | null}
 */
export function outgoing({ raw, generated, hidden, applianceAgreed }) {
  if (!hidden || applianceAgreed) {
    return raw;
  }
  return generated;
}
