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

// A press moves the focus before its click: closing then would pull the page from under the finger.
let byKeys = false;
document.addEventListener("pointerdown", () => (byKeys = false), true);
document.addEventListener("keydown", () => (byKeys = true), true);
document.addEventListener("focusin", (event) => {
  if (byKeys) {
    leave(event.target);
  }
});

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
