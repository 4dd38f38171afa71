/** The button that prints this page; hidden where no script runs. */

import { find } from "../find.js";

const button = find(document, "[data-print]", HTMLButtonElement);
button.hidden = false;
button.addEventListener("click", () => print());
