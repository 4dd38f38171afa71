/** The page behind the mails about a request. The secret is read from the fragment, and posted. */

import { post, Refused } from "./api.js";
import { find, onClick, onSubmit, show, write } from "./find.js";
import { text } from "./texts.js";

/** @typedef {import("../protocol").RequestSeen} RequestSeen */

const root = find(document, "#request", HTMLElement);
const error = find(root, '[data-slot="error"]', HTMLElement);

function secret() {
  const given = location.hash.slice(1);
  try {
    return decodeURIComponent(given);
  } catch {
    return given; // garbled on its way; the appliance knows no such request
  }
}

/** @param {string} name */
function view(name) {
  for (const section of root.querySelectorAll("[data-view]")) {
    show(section, section.getAttribute("data-view") === name);
  }
  const section = find(root, `[data-view="${name}"]`, HTMLElement);
  find(section, "h1", HTMLElement).focus({ preventScroll: true });
  return section;
}

/** @param {{title: string, detail: string}} said */
function problem({ title, detail }) {
  const section = view("problem");
  write(find(section, '[data-slot="title"]', HTMLElement), title);
  write(find(section, '[data-slot="detail"]', HTMLElement), detail);
}

/** @param {string} words */
function mistake(words) {
  write(error, words);
  show(error, words !== "");
}

/** @param {RequestSeen["slots"]} slots */
function showSlots(slots) {
  const template = find(document, '[data-template="slot"]', HTMLTemplateElement);
  const rows = slots.map(({ id, in_words }) => {
    const row = /** @type {HTMLElement} */ (template.content.cloneNode(true));
    const input = find(row, "input", HTMLInputElement);
    const label = find(row, "label", HTMLLabelElement);
    [input.value, input.id, label.htmlFor] = [id, `slot-${id}`, `slot-${id}`];
    write(label, in_words);
    return row;
  });
  find(root, '[data-slot="slots"]', HTMLElement).replaceChildren(...rows);
}

/** @param {RequestSeen} seen */
function showRequest(seen) {
  mistake("");
  showSlots(seen.slots);
  const section = view(seen.state);
  const when = seen.starts_in_words;
  for (const keeps of section.querySelectorAll('[data-slot="keeps"]')) {
    write(keeps, text("keeps", { when }));
    show(keeps, seen.moves && when !== "");
  }
  for (const place of section.querySelectorAll('[data-slot="appointment"]')) {
    write(place, when);
  }
}

/**
 * @param {string} deed
 * @param {object} [more]
 */
async function ask(deed, more = {}) {
  try {
    showRequest(await post(`requests/${deed}`, { secret: secret(), ...more }));
  } catch (refused) {
    if (!(refused instanceof Refused)) {
      throw refused;
    }
    if (refused.code === "slot_gone") {
      await look();
      mistake(`${refused.title} ${refused.detail}`);
    } else {
      problem(refused);
    }
  }
}

async function look() {
  if (!secret()) {
    problem({ title: text("no_secret"), detail: text("no_secret_detail") });
    return;
  }
  await ask("look");
}

/** The other language's page needs the secret, too; a fragment never leaves the browser. */
for (const link of document.querySelectorAll("a[data-keep-fragment]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.assign(`${link.getAttribute("href")}${location.hash}`);
  });
}
onClick(root, "look", look);
onClick(root, "confirm", () => ask("confirm"));
onClick(root, "withdraw", () => ask("withdraw"));
onSubmit(root, "pick", (form) => {
  const slot = form.get("slot");
  if (slot) {
    void ask("pick", { slot_id: slot });
  } else {
    mistake(text("none_chosen"));
  }
});
onSubmit(root, "again", (form) => ask("again", { wishes: form.get("wishes") }));
addEventListener("hashchange", look);
void look();
