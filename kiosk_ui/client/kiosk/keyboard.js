/** The keyboard in the page: there is no other one at a kiosk. Drawn while a field has the focus. */

import { find, show } from "../find.js";
import { text } from "../texts.js";
import { lettersOf } from "./letters.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const DIGITS = ["123", "456", "789", ".0+"];
const STAYS_MS = 200; // a tap on a button below must not find it moved
const TYPED = 'input:is([type="text"], [type="tel"], [type="email"], :not([type])), textarea';

export class Keyboard {
  constructor() {
    this.root = find(document, "[data-kiosk-keys]", HTMLElement);
    this.home = find(document, "body", HTMLElement);
    /** @type {Field | null} */
    this.field = null;
    this.upper = false;
    this.language = document.documentElement.lang;
    this.letters = lettersOf(this.language);
    this.at = 0; // which of them are shown
    this.pressed = false;
    for (const [name, pressed] of /** @type {const} */ ([
      ["pointerdown", true],
      ["pointerup", false],
      ["pointercancel", false],
    ])) {
      document.addEventListener(name, () => this.press(pressed), { capture: true });
    }
    document.addEventListener("focusin", ({ target }) => this.focused(target));
    // The field keeps the focus while keys are tapped.
    this.root.addEventListener("pointerdown", (event) => event.preventDefault());
    this.root.addEventListener("click", ({ target }) => this.tapped(target));
  }

  /** @param {EventTarget | null} target */
  focused(target) {
    if (target instanceof Node && this.root.contains(target)) {
      return; // by a keyboard of the agency's own
    }
    const typed = target instanceof Element && target.matches(TYPED) ? target : null;
    this.field = /** @type {Field | null} */ (typed);
    this.upper = this.field?.value === "" && this.field.inputMode === "";
    this.at = 0;
    if (this.field) {
      this.draw();
      this.field.scrollIntoView({ block: "center" });
    } else {
      this.goLater();
    }
  }

  /** @param {boolean} pressed */
  press(pressed) {
    this.pressed = pressed;
    if (!pressed) {
      this.goLater();
    }
  }

  /** Once no field has the focus any more, and whoever presses something has let go of it. */
  goLater() {
    setTimeout(() => {
      if (!this.field && !this.pressed) {
        this.draw();
      }
    }, STAYS_MS);
  }

  get numeric() {
    return this.field?.inputMode === "numeric" || this.field?.type === "tel";
  }

  draw() {
    this.goWhereTouched();
    show(this.root, this.field !== null);
    if (!this.field) {
      return;
    }
    const rows = this.numeric ? DIGITS : (this.letters[this.at]?.rows ?? []);
    const drawn = rows.map((row) => this.row([...row].map((sign) => this.sign(sign))));
    this.root.dataset.keys = this.numeric ? "digits" : "letters";
    this.root.replaceChildren(...drawn, this.row(this.commands()));
  }

  /** While a dialog is open, nothing outside of it takes a touch. */
  goWhereTouched() {
    const place = this.field?.closest("dialog") ?? this.home;
    if (this.root.parentElement !== place) {
      place.append(this.root);
    }
  }

  get following() {
    return (this.at + 1) % this.letters.length;
  }

  commands() {
    const letters = this.numeric
      ? []
      : [
          this.key("shift", "⇧", text("key_shift"), this.upper),
          this.key("others", this.letters[this.following]?.face ?? "", ""),
          this.key("space", "␣", text("key_space")),
        ];
    return [
      ...letters,
      this.key("back", "⌫", text("key_back")),
      this.key("next", "⇥", text("key_next")),
      this.key("done", text("key_done_face"), text("key_done")),
    ];
  }

  /** @param {HTMLElement[]} keys */
  row(keys) {
    const row = document.createElement("div");
    row.className = "kiosk-keys__row";
    row.append(...keys);
    return row;
  }

  /** @param {string} sign */
  sign(sign) {
    const upper = sign.toLocaleUpperCase(this.language);
    return this.key("sign", this.upper && upper.length === 1 ? upper : sign, "");
  }

  /**
   * @param {string} action
   * @param {string} face
   * @param {string} name read out; empty: the face is one
   * @param {boolean} [pressed]
   */
  key(action, face, name, pressed) {
    const key = document.createElement("button");
    key.type = "button";
    key.className = `kiosk-key kiosk-key--${action}`;
    key.tabIndex = -1; // fields are reached by Tab, keys by touch
    key.dataset.key = action;
    key.textContent = face;
    if (name) {
      key.setAttribute("aria-label", name);
    }
    if (pressed !== undefined) {
      key.setAttribute("aria-pressed", String(pressed));
    }
    return key;
  }

  /** @param {EventTarget | null} target */
  tapped(target) {
    const key = target instanceof Element ? target.closest("[data-key]") : null;
    if (!(key instanceof HTMLElement) || !this.field) {
      return;
    }
    switch (key.dataset.key) {
      case "sign":
        this.type(key.textContent ?? "");
        break;
      case "space":
        this.type(" ");
        break;
      case "back":
        this.erase();
        break;
      case "shift":
        this.upper = !this.upper;
        this.draw();
        break;
      case "others":
        this.at = this.following;
        this.draw();
        break;
      case "next":
        this.next();
        break;
      default:
        this.field.blur();
        this.field = null;
        this.draw();
    }
  }

  /** @param {string} sign */
  type(sign) {
    const { field } = this;
    if (!field || (field.maxLength >= 0 && field.value.length >= field.maxLength)) {
      return;
    }
    const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    field.setRangeText(sign, start, end, "end");
    this.changed(field);
    if (this.upper) {
      this.upper = false;
      this.draw();
    }
  }

  erase() {
    const { field } = this;
    if (field) {
      const end = field.selectionEnd ?? field.value.length;
      const start = field.selectionStart ?? end;
      field.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
      this.changed(field);
    }
  }

  /** @param {Field} field */
  changed(field) {
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** To the next field of the same form; after the last one the keyboard goes. */
  next() {
    const fields = [...(this.field?.form?.querySelectorAll(TYPED) ?? [])];
    const shown = fields.filter((one) => one instanceof HTMLElement && one.checkVisibility());
    const next = shown[shown.findIndex((one) => one === this.field) + 1];
    if (next instanceof HTMLElement) {
      next.focus();
    } else {
      this.field?.blur();
      this.field = null;
      this.draw();
    }
  }
}
