/** What a new box still lacks: closed once, it stays closed in this browser. */

import { remember, remembered } from "./remembered.js";

const PLACE = "vorzimmer.steps";

export function rememberSteps() {
  const steps = document.querySelector("[data-steps]");
  if (!(steps instanceof HTMLDetailsElement)) {
    return;
  }
  steps.open = remembered(PLACE) !== "closed";
  steps.addEventListener("toggle", () => remember(PLACE, steps.open ? "open" : "closed"));
}
