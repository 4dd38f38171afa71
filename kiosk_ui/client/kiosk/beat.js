/** Says every ten seconds that the kiosk's page is there, and hears what it is to do. */

import { post } from "../api.js";

/** @typedef {import("../../protocol").KioskOrders} KioskOrders */

const EVERY_MS = 10_000;

export class Beat {
  /** @param {(orders: KioskOrders) => void} [onOrders] */
  constructor(onOrders = () => {}) {
    this.onOrders = onOrders;
    // A browser that has just begun has been nowhere before.
    const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    this.started = history.length <= 2 && arrival?.type === "navigate" && !document.referrer;
    setInterval(() => void this.say(), EVERY_MS);
    void this.say();
  }

  async say() {
    try {
      /** @type {KioskOrders} */
      const orders = await post("kiosk/beat", { started: this.started });
      this.started = false;
      this.onOrders(orders);
    } catch {
      // Three in a row are noticed by the appliance.
    }
  }
}
