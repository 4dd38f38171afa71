/** The QR code of a letter, held to the camera: read by the appliance, kept nowhere. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { TestRoom } from "./test_room.js";

const SLOW_MS = 12_000; // whoever holds a letter for so long is told what helps

export class CodeReader {
  /**
   * @param {HTMLElement} root
   * @param {(secret: string) => void} onLink
   */
  constructor(root, onLink) {
    this.onLink = onLink;
    this.video = find(document, "[data-own-picture]", HTMLVideoElement);
    this.progress = find(root, '[data-slot="code-progress"]', HTMLElement);
    /** @type {TestRoom | null} */
    this.room = null;
    this.slow = 0;
  }

  async start() {
    this.stop();
    write(this.progress, text("code_opening"));
    const room = new TestRoom(({ secret }) => this.found(secret));
    this.room = room;
    try {
      const track = await room.read();
      if (room === this.room) {
        this.video.srcObject = new MediaStream([track]);
        show(this.video, true);
        write(this.progress, text("code_looking"));
        this.slow = window.setTimeout(() => write(this.progress, text("code_slow")), SLOW_MS);
      }
    } catch {
      if (room === this.room) {
        write(this.progress, text("code_no_camera"));
      }
    }
  }

  /** @param {string} secret empty: a code, but none of ours */
  found(secret) {
    if (!this.room) {
      return;
    }
    window.clearTimeout(this.slow);
    write(this.progress, text(secret ? "code_looking" : "code_other"));
    if (secret) {
      this.onLink(secret);
    }
  }

  stop() {
    window.clearTimeout(this.slow);
    this.video.srcObject = null;
    show(this.video, false);
    this.room?.end();
    this.room = null;
  }
}
