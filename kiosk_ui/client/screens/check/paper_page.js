/** For tests without a browser: as much of a page as the steps of the check touch. */

/** Every selector finds an element, once and for all. */
export class Element extends EventTarget {
  hidden = false;
  /** @type {Record<string, string>} */
  dataset = {};
  style = { setProperty() {} };
  /** @type {Map<string, Element>} */
  found = new Map();
  /** @type {Map<string, string>} */
  attributes = new Map();

  constructor(name = "") {
    super();
    this.textContent = name;
  }

  /** @param {string} selector */
  querySelector(selector) {
    const element = this.found.get(selector) ?? new Element(selector);
    this.found.set(selector, element);
    return element;
  }

  /** @param {string} selector */
  querySelectorAll(selector) {
    return [this.querySelector(selector)];
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  focus() {}
  replaceChildren() {}
  toggleAttribute() {}
}
