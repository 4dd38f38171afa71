import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = {
  documentElement: { lang: "de" },
  querySelector: (selector) => ({ textContent: `${/"(.*)"/.exec(selector)[1]} {n} {volume}` }),
};
const { counted } = await import("./texts.js");

test("a browser counts by the forms that the page holds", () => {
  // As in appliance/i18n.py, plural_examples: a number for each form.
  const examples = {
    de: { other: 0, one: 1 },
    ar: { zero: 0, one: 1, two: 2, few: 3, many: 11, other: 100 },
    uk: { many: 0, one: 1, few: 2 },
    ru: { many: 25, one: 21, few: 24 },
    tr: { one: 1, other: 2 },
  };
  for (const [language, forms] of Object.entries(examples)) {
    document.documentElement.lang = language;
    for (const [form, n] of Object.entries(forms)) {
      assert.equal(counted("since", n, { volume: "0,1" }), `since.${form} ${n} 0,1`);
    }
  }
});
