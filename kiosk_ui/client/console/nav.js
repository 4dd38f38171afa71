/** The groups of the console's bar: one open at a time, closed by Escape or by going elsewhere. */

/** @type {HTMLDetailsElement[]} */
const groups = [...document.querySelectorAll("details[data-nav-group]")].filter(
  (one) => one instanceof HTMLDetailsElement,
);

for (const group of groups) {
  group.addEventListener("toggle", () => {
    if (group.open) {
      closeBut(group); // browsers that do not know the attribute "name" of details
    }
  });
  group.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && group.open) {
      event.stopPropagation();
      group.open = false;
      group.querySelector("summary")?.focus();
    }
  });
}

document.addEventListener("click", (event) => leave(event.target));
document.addEventListener("focusin", (event) => leave(event.target));

/** @param {EventTarget | null} target where the person is now */
function leave(target) {
  closeBut(groups.find((group) => target instanceof Node && group.contains(target)) ?? null);
}

/** @param {HTMLDetailsElement | null} kept */
function closeBut(kept) {
  for (const group of groups) {
    if (group !== kept) {
      group.open = false;
    }
  }
}
