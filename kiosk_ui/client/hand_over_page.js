/** On the phone: the secret is read from the fragment and travels by POST, on a click. */

import { post, Refused } from "./api.js";
import { find, onClick, show, write } from "./find.js";

const root = find(document, "#hand-over", HTMLElement);

async function take() {
  try {
    /** @type {import("../protocol").HandOverTaken} */
    const { next } = await post("hand-over/take", { secret: location.hash.slice(1) });
    location.assign(next);
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    write(find(root, '[data-slot="title"]', HTMLElement), error.title);
    write(find(root, '[data-slot="detail"]', HTMLElement), error.detail);
    show(find(root, '[data-do="take"]', HTMLElement), error.code === "no_answer");
    find(root, "h1", HTMLElement).focus();
  }
}

onClick(root, "take", take);
