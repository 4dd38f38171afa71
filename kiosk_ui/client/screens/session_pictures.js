/** The two pictures: which of them is large, and the other person's above other windows. */

import { find, onClick, show } from "../find.js";

export class SessionPictures {
  /** @param {HTMLElement} root of the conversation */
  constructor(root) {
    this.root = root;
    this.other = find(root, '[data-slot="other"]', HTMLVideoElement);
    this.swapper = find(root, '[data-do="swap"]', HTMLButtonElement);
    this.floater = find(root, '[data-do="float"]', HTMLButtonElement);
    onClick(root, "swap", () => this.swap(!root.classList.contains("session--swapped")));
    onClick(root, "float", () => void this.float());
  }

  /** @param {boolean} own whether one's own picture is the large one */
  swap(own) {
    this.root.classList.toggle("session--swapped", own);
    this.swapper.setAttribute("aria-pressed", String(own));
  }

  async float() {
    if (document.pictureInPictureElement) {
      await document.exitPictureInPicture().catch(() => {});
    } else {
      await this.other.requestPictureInPicture().catch(() => {}); // the browser may say no
    }
  }

  /** @param {boolean} both whether there are two pictures, and no screen above them */
  changed(both) {
    show(this.swapper, both);
    show(this.floater, both && Boolean(document.pictureInPictureEnabled));
    if (!both) {
      this.swap(false);
    }
  }

  end() {
    this.changed(false);
    if (document.pictureInPictureElement) {
      void document.exitPictureInPicture().catch(() => {});
    }
  }
}
