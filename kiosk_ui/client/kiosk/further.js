/** A large key that scrolls on, while there is more below: not everybody knows that a page can be pushed. */

import { find, onClick, show } from "../find.js";

const MORE_PX = 24;
const LOOK_MS = 300;
const PART = 0.7; // of what is in sight: the last lines are seen again

export class Further {
  constructor() {
    this.main = find(document, "main", HTMLElement);
    this.key = find(document, '[data-do="kiosk-further"]', HTMLElement);
    onClick(document, "kiosk-further", () => this.go());
    this.main.addEventListener("scroll", () => this.look(), { passive: true });
    setInterval(() => this.look(), LOOK_MS); // what is in it grows and shrinks for many reasons
  }

  look() {
    const { scrollHeight, clientHeight, scrollTop } = this.main;
    show(this.key, scrollHeight - clientHeight - scrollTop > MORE_PX);
  }

  go() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.main.scrollBy({ top: this.main.clientHeight * PART, behavior: still ? "auto" : "smooth" });
  }
}
