/** The pictures: which of the two is large, and one of the other person's above other windows. */

import { find, onClick, show } from "../find.js";

export class SessionPictures {
  /** @param {HTMLElement} root of the conversation */
  constructor(root) {
    this.root = root;
    this.other = find(root, '[data-slot="other"]', HTMLVideoElement);
    this.screen = find(root, '[data-slot="screen"] > video', HTMLVideoElement);
    this.swapper = find(root, '[data-do="swap"]', HTMLButtonElement);
    this.floaters = root.querySelectorAll('[data-do="float"]');
    onClick(root, "swap", () => this.swap(!root.classList.contains("session--swapped")));
    onClick(root, "float", () => void this.float());
  }

  /** @param {boolean} own whether one's own picture is the large one */
  swap(own) {
    this.root.classList.toggle("session--swapped", own);
    this.swapper.setAttribute("aria-pressed", String(own));
  }

  /** The shared screen where there is one, else the person. */
  async float() {
    if (document.pictureInPictureElement) {
      await document.exitPictureInPicture().catch(() => {});
    } else {
      const video = this.screen.srcObject ? this.screen : this.other;
      await video.requestPictureInPicture().catch(() => {}); // the browser may say no
    }
  }

  /**
   * @param {{seen: boolean, mine: boolean, screen: boolean}} pictures of the other person, one's own,
   *   and whether a shared screen stands above them
   */
  changed({ seen, mine, screen }) {
    const both = seen && mine && !screen;
    show(this.swapper, both);
    for (const floater of this.floaters) {
      show(floater, (seen || screen) && Boolean(document.pictureInPictureEnabled));
    }
    if (!both) {
      this.swap(false);
    }
    const floating = document.pictureInPictureElement;
    if (floating instanceof HTMLVideoElement && !floating.srcObject) {
      void document.exitPictureInPicture().catch(() => {}); // it would stay there, black
    }
  }

  end() {
    this.changed({ seen: false, mine: false, screen: false });
    if (document.pictureInPictureElement) {
      void document.exitPictureInPicture().catch(() => {});
    }
  }
}
