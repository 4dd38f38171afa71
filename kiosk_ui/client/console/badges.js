/** In the bar: how many messages and requests nobody has answered yet. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";

/** @param {import("../../protocol").DeskSnapshot} snapshot */
export function showBadges({ messages_open: messages = 0, requests_open: requests = 0 }) {
  for (const [name, open] of Object.entries({ messages, requests })) {
    // At the page's link and at its group; not every role has every page.
    for (const badge of document.querySelectorAll(`[data-open-count="${name}"]`)) {
      write(find(badge, "[aria-hidden]", HTMLElement), String(open));
      write(find(badge, ".sr-only", HTMLElement), text("still_open", { n: open }));
      show(/** @type {HTMLElement} */ (badge), open > 0);
    }
  }
}
