/** A code from the console makes this browser a kiosk. One with a kept secret just enters. */

import { post, Refused } from "../api.js";
import { find, show, write } from "../find.js";

const form = find(document, "#register", HTMLFormElement);
const input = find(form, '[name="code"]', HTMLInputElement);
const error = find(form, '[data-slot="error"]', HTMLElement);

/**
 * @param {string} path
 * @param {object} body
 */
async function go(path, body) {
  try {
    /** @type {import("../../protocol").KioskRegistered} */
    const { next } = await post(path, body);
    location.replace(next);
  } catch (problem) {
    if (!(problem instanceof Refused)) {
      throw problem;
    }
    write(find(error, '[data-slot="title"]', HTMLElement), problem.title);
    write(find(error, '[data-slot="detail"]', HTMLElement), problem.detail);
    show(error, true);
    show(form, true);
    input.focus();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void go("kiosk/register", { code: input.value || "-" });
});
const secret = location.hash.slice(1);
if (secret) {
  void go("kiosk/enter", { secret });
} else {
  show(form, true);
}
