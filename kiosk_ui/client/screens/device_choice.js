/** Lists of devices to choose from, wherever the page has one. */

import { show } from "../find.js";
import { choose, chosen } from "../media/chosen.js";
import { list } from "../media/devices.js";
import { text } from "../texts.js";

/** @typedef {import("../media/chosen.js").DeviceKind} DeviceKind */

/**
 * @typedef {object} Owner whose devices they are: a visit, or somebody in a conference
 * @property {{tracks: Record<"microphone" | "camera", MediaStreamTrack | null>, change: (kind: "microphone" | "camera", deviceId: string) => Promise<unknown>}} media
 * @property {{useOutput: (deviceId: string) => Promise<unknown>}} sound
 */

export class DeviceChoice {
  /**
   * @param {HTMLSelectElement} select with ``data-devices``
   * @param {Owner} visit
   * @param {(kind: DeviceKind) => void} onChosen
   */
  constructor(select, visit, onChosen) {
    this.select = select;
    this.visit = visit;
    this.kind = /** @type {DeviceKind} */ (select.dataset.devices);
    this.onChosen = onChosen;
    select.addEventListener("change", () => this.take());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.fill());
  }

  async take() {
    if (this.kind === "speaker") {
      choose("speaker", this.select.value);
      await this.visit.sound.useOutput(this.select.value);
    } else {
      await this.visit.media.change(this.kind, this.select.value).catch(() => {});
    }
    this.onChosen(this.kind);
  }

  /** Names are known only once the permission is given; a list of one is no choice. */
  async fill() {
    const devices = (await list(this.kind)).filter((device) => device.deviceId);
    const options = devices.map((device, index) => {
      const name = device.label || text("device_number", { number: index + 1 });
      return new Option(name, device.deviceId);
    });
    this.select.replaceChildren(...options);
    const current = this.current();
    if (devices.some(({ deviceId }) => deviceId === current)) {
      this.select.value = current;
    }
    const box = this.select.closest("[data-field]");
    if (box) {
      show(box, devices.length > 1);
    }
  }

  current() {
    if (this.kind === "speaker") {
      return chosen("speaker") || "default";
    }
    return this.visit.media.tracks[this.kind]?.getSettings().deviceId ?? chosen(this.kind);
  }
}

/**
 * @param {ParentNode} root
 * @param {Owner} visit
 * @param {(kind: DeviceKind) => void} onChosen
 * @returns {DeviceChoice[]}
 */
export function deviceChoices(root, visit, onChosen) {
  const selects = [...root.querySelectorAll("select[data-devices]")];
  return selects.map(
    (select) => new DeviceChoice(/** @type {HTMLSelectElement} */ (select), visit, onChosen),
  );
}
