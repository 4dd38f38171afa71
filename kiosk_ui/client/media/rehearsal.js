/**
 * Joining a second time while the first connection stands: whether a conversation would come back
 * after an interruption. The second one takes over as soon as it carries, and nothing is lost.
 */

/** @typedef {import("./peer.js").Connection} Connection */

const OFFER_LIMIT_MS = 15_000; // later, an offer is none of this rehearsal's any more

export class Rehearsal {
  /**
   * @param {number} limitMs for connecting, once there is an offer
   * @param {(connection: Connection) => void} takeOver
   */
  constructor(limitMs, takeOver) {
    this.limitMs = limitMs;
    this.takeOver = takeOver;
    this.askedAt = performance.now();
    /** @type {Connection | null} */
    this.connection = null;
    this.over = false;
    /** @type {(works: boolean | null) => void} */
    this.tell = () => {};
    /** @type {Promise<boolean | null>} null: the appliance made no offer in time */
    this.result = new Promise((resolve) => (this.tell = resolve));
    this.timer = setTimeout(() => this.end(null), limitMs);
  }

  /** Whether a new offer is the one that was asked for, be it too late. */
  get expects() {
    return !this.connection && performance.now() - this.askedAt < OFFER_LIMIT_MS;
  }

  /** @param {Connection} connection made for the offer that came */
  begin(connection) {
    this.connection = connection;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(false), this.limitMs);
    connection.pc.onconnectionstatechange = () => {
      if (connection.pc.connectionState === "connected" && !this.over) {
        this.takeOver(connection);
        this.end(true);
      }
    };
  }

  /** @param {boolean | null} works */
  end(works) {
    if (this.over) {
      return;
    }
    this.over = true;
    clearTimeout(this.timer);
    if (!works) {
      this.connection?.pc.close();
    }
    this.tell(works);
  }
}
