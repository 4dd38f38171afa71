/** "Dieses Gerät merken": asked for at the end of a check that went well, never at a kiosk. */

import { find, show } from "../../find.js";
import { forgetPassed, passedBefore, rememberPassed } from "../../media/passed.js";

export class Remember {
  /**
   * @param {HTMLElement} root
   * @param {import("../../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.visit = visit;
    this.allowed = visit.root.dataset.remember !== "no";
    this.box = find(root, '[data-slot="remember"]', HTMLElement);
    this.tick = find(this.box, "input", HTMLInputElement);
    this.tick.checked = this.allowed && passedBefore() !== null;
    this.tick.addEventListener("change", () => this.keep());
  }

  /** @param {boolean} ready whether all has passed, and somebody looks at the end of the check */
  offer(ready) {
    show(this.box, ready && this.allowed);
    if (ready && this.tick.checked) {
      this.keep(); // today's devices
    }
  }

  keep() {
    const { microphone, camera } = this.visit.media.tracks;
    if (this.tick.checked && this.allowed) {
      rememberPassed({
        microphone: microphone?.getSettings().deviceId ?? "",
        camera: camera?.getSettings().deviceId ?? "",
      });
    } else {
      forgetPassed();
    }
  }
}
