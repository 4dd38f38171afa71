/** Who the client is: name, telephone, and what the appointment asks for. */

import { find, show, write } from "../find.js";
import { inGroups, readDate } from "../reading.js";
import { text } from "../texts.js";

const ASKED = /** @type {const} */ (["password", "session_number", "birth_on", "customer_number"]);

export class IdentityScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.form = find(root, "form", HTMLFormElement);
    this.error = find(root, '[data-slot="error"]', HTMLElement);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.state();
    });
    const password = this.field("password");
    password.addEventListener("change", () => {
      password.value = inGroups(password.value);
    });
  }

  /** @param {string} name */
  field(name) {
    return find(this.form, `input[name="${name}"]`, HTMLInputElement);
  }

  /** @param {import("../../protocol").VisitSnapshot} snapshot */
  render({ needs }) {
    for (const name of ASKED) {
      show(find(this.form, `[data-field="${name}"]`, HTMLElement), needs.includes(name));
    }
  }

  enter() {
    this.say("");
  }

  leave() {
    this.form.reset(); // nothing personal stays in the page
  }

  /**
   * What web says about these fields belongs beside them.
   *
   * @param {import("../../protocol").Problem} problem
   */
  problem({ code, title, detail }) {
    const ours = code.startsWith("identity");
    if (ours) {
      this.say(`${title} ${detail}`);
      this.field(ASKED.find((name) => this.asks(name)) ?? "name").focus();
    }
    return ours;
  }

  /** @param {typeof ASKED[number]} name */
  asks(name) {
    return this.visit.snapshot?.needs.includes(name) ?? false;
  }

  state() {
    const typed = this.field("birth_on").value.trim();
    const birth = readDate(typed);
    if (!this.field("name").value.trim()) {
      this.refuse("name", text("name_missing"));
    } else if (typed && !birth) {
      this.refuse("birth_on", text("date_unclear"));
    } else {
      this.say("");
      this.visit.send({
        type: "state_identity",
        name: this.field("name").value.trim(),
        phone: this.field("phone").value.trim(),
        password: this.field("password").value.trim(),
        birth_on: birth,
        customer_number: this.field("customer_number").value.trim(),
        session_number: this.field("session_number").value.trim(),
      });
    }
  }

  /**
   * @param {string} name
   * @param {string} words
   */
  refuse(name, words) {
    this.say(words);
    this.field(name).focus();
  }

  /** @param {string} words */
  say(words) {
    write(this.error, words);
    show(this.error, words !== "");
  }
}
