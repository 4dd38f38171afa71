/** Devices and background in the room: the same choices as in a visit, kept on the same device. */

import { find, onClick, show } from "../find.js";
import { OwnPicture } from "../own_picture.js";
import { BackgroundChoice } from "../screens/background_choice.js";
import { deviceChoices } from "../screens/device_choice.js";
import { Sound } from "../sound.js";
import { text } from "../texts.js";

export class Settings {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    const { media, sounds, root } = conference;
    this.dialog = find(root, '[data-dialog="devices"]', HTMLDialogElement);
    this.devices = deviceChoices(this.dialog, { media, sound: sounds }, () => conference.changed());
    this.background = new BackgroundChoice(root, conference);
    this.own = new OwnPicture();
    show(find(this.dialog, '[data-slot="outputs"]', HTMLElement), Sound.canChoose);
    onClick(root, "devices", () => this.open());
    onClick(root, "close-dialog", () => this.close());
  }

  open() {
    for (const choice of this.devices) {
      void choice.fill();
    }
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
    this.background.dialog.close();
  }

  /** @param {import("../../protocol").ConferenceSnapshot} snapshot */
  render({ mode }) {
    const { media, root } = this.conference;
    const { hiding, on } = media;
    show(find(root, "[data-for-pictures]", HTMLElement), mode === "video");
    const held = media.tracks.camera && !hiding.outgoing ? text("not_sent_yet") : "";
    this.own.show(hiding.outgoing, on.camera, held);
    this.background.changed();
  }
}
