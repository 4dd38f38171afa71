/** What may be seen behind the client: the appliance's blur, shown before anybody else sees it. */

import { find, show } from "../../find.js";
import { text } from "../../texts.js";
import { Step } from "./step.js";

/** @typedef {import("../../../protocol").CheckView} CheckView */

export class BackgroundStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("background", panel, screen);
    this.preview = find(screen.root, '[data-slot="preview"]', HTMLVideoElement);
    this.own = find(screen.root, "[data-own-picture]", HTMLVideoElement);
    /** @type {CheckView["background"]} */
    this.mode = "none";
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    panel.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.name === "background") {
        this.choose(/** @type {CheckView["background"]} */ (event.target.value));
      }
    });
  }

  begin() {
    super.begin();
    show(this.slot("next"), true);
    this.visit.media.open("camera").catch(() => this.screen.next());
    if (this.mode !== "none") {
      this.choose(this.mode);
    }
  }

  end() {
    super.end();
    this.cover(false);
  }

  /** @param {CheckView["background"]} mode */
  choose(mode) {
    this.mode = mode;
    this.visit.send({ type: "choose_background", mode });
    this.picture();
  }

  /** @param {CheckView} check */
  render({ background }) {
    this.mode = background;
    find(this.panel, `input[value="${background}"]`, HTMLInputElement).checked = true;
    this.picture();
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    super.show(finding);
    show(this.slot("next"), true); // no background is a good choice, too
    if (this.mode === "none") {
      show(this.slot("finding"), false);
    }
  }

  changed() {
    this.picture();
  }

  /** The raw picture is hidden as soon as a blurred one is asked for: it fails closed. */
  picture() {
    const wanted = this.mode !== "none";
    const track = this.visit.media.slots[0]?.camera ?? null;
    if (track !== this.track) {
      this.track = track;
      this.preview.srcObject = track ? new MediaStream([track]) : null;
    }
    this.cover(wanted);
    const running = wanted && track && !track.muted && this.preview.videoWidth > 0;
    this.progress(wanted && !running ? text("preparing_picture") : "");
    if (wanted && !running) {
      this.preview.addEventListener("resize", () => this.picture(), { once: true });
    }
  }

  /** @param {boolean} blurred */
  cover(blurred) {
    show(this.preview, blurred);
    this.own.classList.toggle("picture__covered", blurred);
  }
}
