/** The backgrounds to choose from, alike in the check and in the conversation. */

import { Thumbnails } from "../media/background/thumbnails.js";
import { text } from "../texts.js";

/**
 * @typedef {object} Owner whose room it is
 * @property {{hiding: import("../media/background/hiding.js").Hiding, tracks: {camera: MediaStreamTrack | null}}} media
 */

export class Looks {
  /**
   * @param {HTMLElement} root with the group of radio buttons
   * @param {Owner} visit
   * @param {(look: string) => void} onChoice
   */
  constructor(root, visit, onChoice) {
    this.root = root;
    this.visit = visit;
    this.thumbnails = new Thumbnails(root);
    root.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name.endsWith("background")) {
        onChoice(target.value);
      }
    });
  }

  get hiding() {
    return this.visit.media.hiding;
  }

  /** Whether the appliance hides the room, and the raw picture reaches it. */
  get byAppliance() {
    return this.hiding.hidden && this.hiding.applianceAgreed;
  }

  paint() {
    this.thumbnails.paint();
    this.changed();
  }

  changed() {
    this.thumbnails.of(this.visit.media.tracks.camera);
  }

  /** Ticks what is chosen now. */
  tick() {
    const chosen = this.root.querySelector(`input[value="${CSS.escape(this.hiding.look)}"]`);
    if (chosen instanceof HTMLInputElement) {
      chosen.checked = true;
    }
  }

  /** What the browser is doing about it; empty: all is as it was chosen. */
  get words() {
    const { engine, hidden, undecided } = this.hiding;
    if (this.byAppliance) {
      return "";
    }
    if (undecided) {
      return text("not_sent_yet");
    }
    if (!hidden || !engine || engine.state === "running") {
      return "";
    }
    return text(engine.fetched ? "trying_browser" : "fetching_engine");
  }
}
