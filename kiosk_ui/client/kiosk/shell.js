/** What every page of a kiosk has: the way out, more time, easier reading, keys, a look at who is there. */

import { find, onClick, show, write } from "../find.js";
import { counted, text } from "../texts.js";
import { chime } from "../tones.js";
import { Comfort } from "./comfort.js";
import { Further } from "./further.js";
import { Idle } from "./idle.js";
import { Keyboard } from "./keyboard.js";
import { wipeStores } from "./traces.js";

const AGAIN_MS = 3_000;
const SAID_MS = 4_000;
const GUARD_MS = 500; // a tap meant for what was there before the question ends nothing
const CHIME_EVERY_S = 30;
const WAYS_OUT = ["contextmenu", "auxclick", "dragstart"]; // menus, further windows

export class Shell {
  /**
   * @param {HTMLElement} root says after how many seconds it asks, and forgets
   * @param {() => void} onForget devices and connections end first
   */
  constructor(root, onForget) {
    this.onForget = onForget;
    this.forgetting = false;
    this.name = ""; // of the screen
    this.askedAt = 0;
    this.chimedAt = 0; // so many seconds before the end
    this.comfort = new Comfort();
    this.keyboard = new Keyboard();
    this.further = new Further();
    this.dialog = find(document, "[data-kiosk-idle]", HTMLDialogElement);
    this.idle = new Idle(limitsOf(root), {
      onAsk: (leftS) => this.ask(leftS),
      onHere: () => this.dialog.close(),
      onGone: () => void this.forget(),
    });
    onClick(document, "kiosk-here", () => this.idle.here());
    onClick(document, "kiosk-longer", () => this.longer());
    onClick(document, "kiosk-forget", () => this.stop());
    this.dialog.addEventListener("cancel", () => this.idle.here());
    this.wireLaw();
    for (const way of WAYS_OUT) {
      document.addEventListener(way, (event) => event.preventDefault());
    }
    addEventListener("keydown", (event) => leadsOut(event) && event.preventDefault(), { capture: true });
  }

  /** No link leads anywhere from here: an address that is not ours would be the browser's error page. */
  wireLaw() {
    const law = find(document, "[data-kiosk-law]", HTMLDialogElement);
    onClick(document, "kiosk-law", () => law.showModal());
    onClick(law, "kiosk-law-read", () => law.close());
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (link && !link.hasAttribute("data-kiosk-language")) {
        event.preventDefault();
        link.getAttribute("href") === "/datenschutz" && law.showModal();
      }
    });
  }

  /** @param {number} leftS */
  ask(leftS) {
    write(find(this.dialog, '[data-slot="countdown"]', HTMLElement), counted("kiosk_countdown", leftS));
    const first = !this.dialog.open;
    if (first) {
      this.askedAt = performance.now();
      this.dialog.showModal();
      this.comfort.at("idle");
    }
    if (first || (leftS % CHIME_EVERY_S === 0 && leftS !== this.chimedAt)) {
      this.chimedAt = leftS;
      chime();
    }
  }

  longer() {
    this.idle.longer();
    const said = find(document, '[data-slot="longer-said"]', HTMLElement);
    write(said, text("kiosk_longer"));
    setTimeout(() => write(said, ""), SAID_MS);
  }

  stop() {
    if (!this.dialog.open || performance.now() - this.askedAt > GUARD_MS) {
      void this.forget();
    }
  }

  /** Devices off, stores empty, the visit ended at the appliance, then the greeting. */
  async forget() {
    if (this.forgetting) {
      return;
    }
    this.forgetting = true;
    this.idle.at("never");
    document.body.classList.add("kiosk--forgetting");
    this.comfort.hush();
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.close();
    }
    this.onForget();
    wipeStores();
    show(find(document, "[data-kiosk-wiping]", HTMLElement), true);
    while (!(await forgotten())) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    location.replace("/kiosk#forgotten");
  }

  /**
   * @param {string} name of the screen
   * @param {import("./idle.js").Place} place
   * @param {boolean} [resting] nobody is there
   */
  at(name, place, resting = false) {
    if (name !== this.name) {
      this.name = name;
      this.idle.another();
      find(document, "main", HTMLElement).scrollTop = 0; // it scrolls by itself, not the window
    }
    this.comfort.at(name);
    this.idle.at(place);
    show(find(document, "[data-kiosk-bar]", HTMLElement), !resting);
  }
}

/**
 * A browser that fills the screen leaves its own shortcuts to the page first: windows, tabs, addresses.
 *
 * @param {KeyboardEvent} event
 */
function leadsOut(event) {
  const typed = event.getModifierState("AltGraph"); // signs of some keyboards: @, €
  return !typed && (event.ctrlKey || event.altKey || event.metaKey || /^F\d+$/.test(event.key));
}

/**
 * As the page says them; it may say others later.
 *
 * @param {HTMLElement} root
 */
function limitsOf(root) {
  const ms = (/** @type {string} */ name) => Number(root.dataset[name] ?? 0) * 1000;
  return {
    get before() {
      return { questionMs: ms("questionS"), wipeMs: ms("wipeS") };
    },
    get waiting() {
      return { questionMs: ms("waitingQuestionS"), wipeMs: ms("waitingWipeS") };
    },
  };
}

/** The greeting forgets as well, so a redirect to it is as good as the answer itself. */
async function forgotten() {
  try {
    const answer = await fetch("/kiosk/forget", { method: "POST", signal: AbortSignal.timeout(10_000) });
    return answer.ok;
  } catch {
    return false;
  }
}
