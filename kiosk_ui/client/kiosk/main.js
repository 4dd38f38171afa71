/** The greeting, and the ways to begin: a number, a QR code, or without an appointment. */

import { post, Refused } from "../api.js";
import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";
import { Beat } from "./beat.js";
import { CodeReader } from "./code_reader.js";
import { Greeting } from "./greeting.js";
import { testItself } from "./self_test.js";
import { PLACE as SET_UP } from "./set_up.js";
import { Shell } from "./shell.js";
import { KEPT_AT_BEGIN, wipeStores } from "./traces.js";

/** @typedef {"attract" | "out_of_order" | "doors" | "number" | "code" | "topics"} ViewName */
/** @typedef {import("../../protocol").KioskOrders} KioskOrders */
/** @typedef {import("../../protocol").Door} Door */

const DIGITS = 10;
const GONE_MS = 8_000;

class Start {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {ViewName} */
    this.view = "attract";
    this.digits = "";
    this.busy = false;
    this.testing = false;
    this.closed = root.dataset.closed === "yes";
    this.reader = new CodeReader(root, (secret) => void this.enter("links/open", { secret }));
    this.shell = new Shell(root, () => this.reader.stop());
    this.greeting = new Greeting(root);
    this.wire();
  }

  wire() {
    onClick(document, "begin", () => this.begin());
    onClick(document, "doors", () => this.show("doors"));
    onClick(document, "with-appointment", () => this.show("number"));
    onClick(document, "without-appointment", () => this.show("topics"));
    onClick(document, "show-code", () => this.show("code"));
    onClick(document, "clear-digits", () => this.type(""));
    onClick(document, "last-digit", () => this.type(this.digits.slice(0, -1)));
    onClick(document, "open-number", () => void this.openNumber());
    for (const key of this.root.querySelectorAll("[data-digit]")) {
      const digit = key.getAttribute("data-digit") ?? "";
      key.addEventListener("click", () => this.type(this.digits + digit));
    }
    for (const topic of this.root.querySelectorAll("[data-topic]")) {
      const topic_id = topic.getAttribute("data-topic") ?? "";
      topic.addEventListener("click", () => void this.enter("kiosk/walk-in", { topic_id }));
    }
  }

  open() {
    const { setUp } = this.root.dataset;
    if (setUp) {
      localStorage.setItem(SET_UP, setUp); // a profile that begins empty does not know
    }
    const place = location.hash;
    history.replaceState(null, "", "/kiosk");
    this.show(place === "#doors" && !this.closed ? "doors" : this.resting);
    if (place === "#forgotten" || this.root.dataset.forgotten === "yes") {
      const said = find(this.root, '[data-slot="forgotten"]', HTMLElement);
      show(said, true);
      setTimeout(() => show(said, false), GONE_MS);
    }
    new Beat(
      (orders) => void this.take(orders),
      () => this.silent(),
    );
  }

  /** A sign instead of a start that leads nowhere; the next answer takes it away. */
  silent() {
    this.closed = true;
    if (this.view === "attract") {
      this.show(this.resting);
    }
  }

  /** @returns {ViewName} what is shown when nobody is there */
  get resting() {
    return this.closed ? "out_of_order" : "attract";
  }

  /** @param {KioskOrders} orders */
  async take({ errand, out_of_order }) {
    this.closed = out_of_order;
    const idle = this.view === "attract" || this.view === "out_of_order";
    if (idle && this.view !== this.resting) {
      this.show(this.resting);
    }
    if (errand === "none" || !idle || this.testing) {
      return;
    }
    this.testing = true;
    try {
      const { out_of_order: still } = await testItself(errand);
      this.closed = still;
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error; // else it is told with the next beat
      }
    } finally {
      this.testing = false;
    }
    if (this.view === "attract" || this.view === "out_of_order") {
      this.show(this.resting);
    }
  }

  /** The language in which the greeting was touched is the visitor's, most likely. */
  begin() {
    const { language } = this.greeting;
    const now = document.documentElement.lang;
    if (language && language !== now) {
      location.replace(`/kiosk?sprache=${language}#doors`);
    } else {
      this.show("doors");
    }
  }

  /** @param {ViewName} view */
  show(view) {
    this.view = view;
    for (const section of this.root.querySelectorAll("[data-view]")) {
      show(section, section.getAttribute("data-view") === view);
    }
    const resting = view === "attract" || view === "out_of_order";
    document.body.classList.toggle("kiosk--resting", resting);
    this.greeting.run(view === "attract");
    show(find(document, "[data-hints]", HTMLElement), !resting);
    this.say("", "");
    this.type("");
    view === "code" ? void this.reader.start() : this.reader.stop();
    this.shell.at(view, resting ? "never" : "before", resting);
    const heading = this.root.querySelector(`[data-view="${view}"] h1`);
    if (heading instanceof HTMLElement) {
      heading.focus({ preventScroll: true });
    }
  }

  /** @param {string} digits */
  type(digits) {
    this.digits = digits.slice(0, DIGITS);
    const { digits: d } = this;
    const grouped = [d.slice(0, 3), d.slice(3, 6), d.slice(6)].filter(Boolean).join(" ");
    write(find(this.root, '[data-slot="digits"]', HTMLElement), grouped);
  }

  async openNumber() {
    if (this.digits.length === DIGITS) {
      await this.enter("numbers/open", { number: this.digits });
    } else {
      this.say(text("number_missing"), "");
    }
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async enter(path, body) {
    if (this.busy || this.shell.forgetting) {
      return;
    }
    this.busy = true;
    try {
      /** @type {Partial<Door>} */
      const { next, opens_in_words: when } = await post(path, body);
      if (next) {
        this.reader.stop();
        location.replace(next);
        return;
      }
      this.say(text("early"), text("early_detail", { when: when ?? "" }));
    } catch (problem) {
      if (!(problem instanceof Refused)) {
        throw problem;
      }
      this.say(problem.title, text("no_answer_detail")); // whoever stands here need not telephone
    }
    this.busy = false;
  }

  /**
   * @param {string} title empty: all is well
   * @param {string} detail
   */
  say(title, detail) {
    const box = find(this.root, '[data-slot="problem"]', HTMLElement);
    write(find(box, '[data-slot="title"]', HTMLElement), title);
    write(find(box, '[data-slot="detail"]', HTMLElement), detail);
    show(box, title !== "");
  }
}

// Whoever was here before this browser knew of it; who has just chosen a language keeps the rest, too.
wipeStores(location.hash === "#doors" ? KEPT_AT_BEGIN : undefined);
new Start(find(document, "#kiosk", HTMLElement)).open();
