/** Drawings of where to click, from the sprite in the page. */

import { find } from "./find.js";

/**
 * @param {SVGSVGElement} place an empty drawing: title and use
 * @param {string} [name] of a symbol in partials/drawings.html; none hides the place
 */
export function draw(place, name) {
  const symbol = name ? document.getElementById(`drawing-${name}`) : null;
  place.toggleAttribute("hidden", !symbol);
  if (symbol) {
    find(place, "use", SVGUseElement).setAttribute("href", `#${symbol.id}`);
    find(place, "title", SVGTitleElement).textContent = symbol.dataset.title ?? "";
    place.setAttribute("viewBox", symbol.getAttribute("viewBox") ?? "");
  }
}
