/** The bar at the bottom edge, and the notices above the pictures. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */
/** @typedef {import("./media.js").DeviceKind} DeviceKind */

const PATIENCE_MS = 1_500; // shorter trouble mends itself and is not worth a word

export class Bar {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.root = find(document, '[data-view="inside"]', HTMLElement);
    const { media, sounds, stage } = conference;
    for (const kind of /** @type {DeviceKind[]} */ (["microphone", "camera"])) {
      this.button(kind).addEventListener("click", () => {
        media.turn(kind, !(media.on[kind] && !media.failures[kind]));
      });
    }
    this.button("loudspeaker").addEventListener("click", () => {
      sounds.muted = !sounds.muted;
      conference.changed();
    });
    this.button("small").addEventListener("click", () => stage.showSmall(!stage.small));
  }

  /** @param {string} name */
  button(name) {
    return find(this.root, `[data-switch="${name}"]`, HTMLButtonElement);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  press(name, on) {
    const button = this.button(name);
    button.dataset.state = on ? "on" : "off";
    button.setAttribute("aria-pressed", String(on));
  }

  /** @param {ConferenceSnapshot} snapshot */
  render(snapshot) {
    const { media, sounds, stage } = this.conference;
    const pictures = snapshot.mode === "video";
    this.press("microphone", media.on.microphone && !media.failures.microphone);
    this.press("camera", pictures && media.on.camera && !media.failures.camera);
    this.press("loudspeaker", !sounds.muted);
    this.press("small", stage.small);
    show(this.button("camera"), pictures);
    show(this.button("small"), pictures);
    show(find(this.root, "[data-muted-notice]", HTMLElement), snapshot.muted);
    show(find(this.root, "[data-unstaffed]", HTMLElement), !snapshot.staffed);
    const since = media.troubleSince;
    const lost = since !== null && performance.now() - since > PATIENCE_MS;
    show(find(this.root, "[data-reconnecting]", HTMLElement), lost);
    this.showTrouble(pictures);
  }

  /** @param {boolean} pictures whether the camera is wanted */
  showTrouble(pictures) {
    const { failures } = this.conference.media;
    const kinds = /** @type {DeviceKind[]} */ (pictures ? ["microphone", "camera"] : ["microphone"]);
    const words = kinds
      .filter((kind) => failures[kind])
      .map((kind) => text("device_trouble", { kind: text(`kind.${kind}`) }));
    const notice = find(this.root, "[data-own-trouble]", HTMLElement);
    write(notice, words.join(" "));
    show(notice, words.length > 0);
  }
}
