/** Says every ten seconds that the kiosk's page is there, and hears what it is to do. */

import { post } from "../api.js";
import { STARTED } from "./places.js";

/** @typedef {import("../../protocol").KioskOrders} KioskOrders */

const EVERY_MS = 10_000;
const MISSED = 3; // as many as the appliance waits for

export class Beat {
  /**
   * @param {(orders: KioskOrders) => void} [onOrders]
   * @param {() => void} [onSilence] the appliance has not answered for half a minute
   */
  constructor(onOrders = () => {}, onSilence = () => {}) {
    this.onOrders = onOrders;
    this.onSilence = onSilence;
    this.missed = 0;
    setInterval(() => void this.say(), EVERY_MS);
    void this.say();
  }

  async say() {
    try {
      /** @type {KioskOrders} */
      const orders = await post("kiosk/beat", { started: !sessionStorage.getItem(STARTED) });
      sessionStorage.setItem(STARTED, "yes"); // gone with this browser, and with nothing else
      this.missed = 0;
      this.onOrders(orders);
    } catch {
      this.missed += 1;
      if (this.missed >= MISSED) {
        this.onSilence();
      }
    }
  }
}
