/** The bar at the bottom edge: what is sent and heard, as switches that say their state. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").SessionView} SessionView */
/** @typedef {import("./desk_media.js").DeviceKind} DeviceKind */

/** @type {DeviceKind[]} */
const DEVICES = ["microphone", "camera"];

export class Bar {
  /**
   * @param {import("./desk.js").Desk} desk
   * @param {import("./talk.js").Talk} talk
   */
  constructor(desk, talk) {
    this.desk = desk;
    this.talk = talk;
    this.trouble = find(document, "[data-own-trouble]", HTMLElement);
    this.wire("microphone", () => this.turn("microphone"));
    this.wire("camera", () => this.turn("camera"));
    this.wire("both", () => this.turnBoth());
    this.wire("loudspeaker", () => {
      talk.sound.muted = !talk.sound.muted;
      talk.others.voices.muted = talk.sound.muted;
      talk.changed();
    });
    this.wire("screen", () => this.share());
    find(document, "[data-send-back]", HTMLButtonElement).addEventListener("click", () =>
      desk.send({ type: "send_back" }),
    );
  }

  /** @param {string} name */
  button(name) {
    return find(document, `[data-switch="${name}"]`, HTMLButtonElement);
  }

  /**
   * @param {string} name
   * @param {() => void} action
   */
  wire(name, action) {
    const button = this.button(name);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") {
        action();
      }
    });
  }

  /** @param {DeviceKind} kind */
  turn(kind) {
    const { media } = this.desk;
    const works = media.on[kind] && !media.failures[kind];
    media.turn(kind, !works);
  }

  turnBoth() {
    const { media } = this.desk;
    const on = !DEVICES.some((kind) => media.on[kind] && !media.failures[kind]);
    for (const kind of DEVICES) {
      media.turn(kind, on);
    }
  }

  share() {
    const { media } = this.desk;
    if (media.tracks.screen) {
      media.endScreen();
    } else {
      void media.shareScreen();
    }
  }

  /** @param {SessionView} session */
  render(session) {
    const { media } = this.desk;
    const on = DEVICES.map((kind) => media.on[kind] && !media.failures[kind]);
    const silent = session.mode === "text";
    this.press("microphone", on[0], silent);
    this.press("camera", on[1], session.mode !== "video");
    this.press("both", on[0] || on[1], session.mode !== "video");
    this.press("loudspeaker", !this.talk.sound.muted, silent);
    const mayShare = session.identity === "confirmed" && session.mode === "video" && canShare();
    this.press("screen", media.tracks.screen !== null, !mayShare);
    this.showTrouble(session);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   * @param {boolean} disabled stays reachable by keyboard, so that its state is read out
   */
  press(name, on, disabled) {
    const button = this.button(name);
    button.dataset.state = on && !(disabled && name !== "screen") ? "on" : "off";
    button.setAttribute("aria-pressed", String(button.dataset.state === "on"));
    button.setAttribute("aria-disabled", String(disabled));
  }

  /** @param {SessionView} session */
  showTrouble(session) {
    const { failures } = this.desk.media;
    const missing = session.mode === "text" ? [] : DEVICES.filter((kind) => failures[kind]);
    const words = missing
      .filter((kind) => kind === "microphone" || session.mode === "video")
      .map((kind) => `${text(`kind.${kind}`)}: ${text(`device_error.${reasonOf(failures[kind])}`)}`);
    write(this.trouble, words.join(" "));
    show(this.trouble, words.length > 0);
  }

  forget() {
    write(this.trouble, "");
    show(this.trouble, false);
  }
}

function canShare() {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

/** @param {unknown} failure */
export function reasonOf(failure) {
  const reason = failure && typeof failure === "object" && "reason" in failure ? failure.reason : "";
  return typeof reason === "string" && reason ? reason : "unsupported";
}
