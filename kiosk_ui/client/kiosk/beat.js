/** Says every ten seconds that the kiosk's page is there, and hears what it is to do. */

import { post } from "../api.js";
import { STARTED } from "./places.js";

/** @typedef {import("../../protocol").KioskOrders} KioskOrders */

const EVERY_MS = 10_000;

export class Beat {
  /** @param {(orders: KioskOrders) => void} [onOrders] */
  constructor(onOrders = () => {}) {
    this.onOrders = onOrders;
    setInterval(() => void this.say(), EVERY_MS);
    void this.say();
  }

  async say() {
    try {
      /** @type {KioskOrders} */
      const orders = await post("kiosk/beat", { started: !sessionStorage.getItem(STARTED) });
      sessionStorage.setItem(STARTED, "yes"); // gone with this browser, and with nothing else
      this.onOrders(orders);
    } catch {
      // Three in a row are noticed by the appliance.
    }
  }
}
