/** A session number instead of a link. */

import { post, Refused } from "./api.js";
import { find, show, write } from "./find.js";
import { text } from "./texts.js";

const form = find(document, "#join", HTMLFormElement);
const input = find(form, '[name="number"]', HTMLInputElement);
const error = find(form, '[data-slot="error"]', HTMLElement);

/**
 * @param {string} title
 * @param {string} detail
 */
function say(title, detail) {
  write(find(error, '[data-slot="title"]', HTMLElement), title);
  write(find(error, '[data-slot="detail"]', HTMLElement), detail);
  show(error, title !== "");
  input.focus();
}

async function open() {
  if (input.value.replace(/\D/g, "").length !== 10) {
    say(text("number_missing"), "");
    return;
  }
  try {
    /** @type {import("../protocol").Door} */
    const door = await post("numbers/open", { number: input.value });
    if (door.next) {
      location.assign(door.next);
    } else {
      say(text("early"), text("early_detail", { when: door.opens_in_words }));
    }
  } catch (problem) {
    if (!(problem instanceof Refused)) {
      throw problem;
    }
    say(problem.title, problem.detail);
  }
}

const lost = find(document, "#lost", HTMLFormElement);

/** The answer is the same whether there is an appointment or not. */
async function sendAgain() {
  const email = find(lost, '[name="email"]', HTMLInputElement);
  const wrong = find(lost, '[data-slot="error"]', HTMLElement);
  const noted = find(lost, '[data-slot="noted"]', HTMLElement);
  show(noted, false);
  show(wrong, false);
  try {
    if (!email.value.includes("@")) {
      throw new Refused({ code: "email_missing", title: text("email_missing"), detail: "" });
    }
    /** @type {import("../protocol").Noted} */
    const said = await post("links/lost", { email: email.value.trim() });
    write(find(noted, '[data-slot="title"]', HTMLElement), said.title);
    write(find(noted, '[data-slot="detail"]', HTMLElement), said.detail);
    show(noted, true);
  } catch (problem) {
    if (!(problem instanceof Refused)) {
      throw problem;
    }
    write(wrong, `${problem.title} ${problem.detail}`);
    show(wrong, true);
    email.focus();
  }
}

show(lost, true);
lost.addEventListener("submit", (event) => {
  event.preventDefault();
  void sendAgain();
});
if (location.hash === "#lost") {
  find(lost, "h2", HTMLElement).focus();
}
show(form, true); // without scripts the number would end up in the address
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void open();
});
