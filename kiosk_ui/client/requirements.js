/** What this very browser can do, measured; nothing of it leaves the page. */

import { find, show } from "./find.js";
import { describe } from "./media/browser.js";

const measured = describe(NaN);

/** @type {Record<string, boolean>} */
const found = {
  devices: measured.media_devices && measured.page_permitted !== false,
  calls: measured.web_rtc,
  formats: measured.opus && measured.vp8,
  background: measured.web_assembly && measured.web_gl !== false,
  awake: "wakeLock" in navigator,
};

for (const [feature, there] of Object.entries(found)) {
  const row = find(document, `[data-feature="${feature}"]`, HTMLElement);
  for (const mark of row.querySelectorAll("[data-found]")) {
    show(mark, mark.getAttribute("data-found") === (there ? "yes" : "no"));
  }
}
show(find(document, '[data-slot="measured"]', HTMLElement), true);
