/** Elements that must be there: a missing one is a mistake of the template, said at once. */

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) {
    throw new Error(`the page lacks ${selector}`);
  }
  return element;
}

/**
 * @param {ParentNode} root
 * @param {string} action value of ``data-do``
 * @param {(event: MouseEvent) => void} handler
 */
export function onClick(root, action, handler) {
  for (const button of root.querySelectorAll(`[data-do="${action}"]`)) {
    button.addEventListener("click", (event) => {
      if (button.getAttribute("aria-disabled") !== "true") {
        handler(/** @type {MouseEvent} */ (event));
      }
    });
  }
}

/**
 * @param {ParentNode} root
 * @param {string} name value of ``data-form``
 * @param {(given: FormData) => void} handler
 */
export function onSubmit(root, name, handler) {
  const form = find(root, `[data-form="${name}"]`, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    handler(new FormData(form));
  });
}

/**
 * @param {Element} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (element instanceof HTMLElement && element.hidden === shown) {
    element.hidden = !shown;
  }
}

/**
 * @param {Element} element
 * @param {string} words
 */
export function write(element, words) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
}
