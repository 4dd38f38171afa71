import assert from "node:assert/strict";
import test from "node:test";

class Link extends EventTarget {}
globalThis.document = {
  createTextNode: (words) => ({ words }),
  createElement: () => new Link(),
};
const { Chat } = await import("./chat.js");
const PART = { text: "https://example.org/a", href: "https://example.org/a" };

test("a link opens after a notice, in a window that knows nothing of this one", () => {
  const asked = [];
  const chat = { atKiosk: false, ask: (href) => asked.push(href) };
  const link = Chat.prototype.part.call(chat, PART);
  assert.deepEqual([link.href, link.target, link.rel], [PART.href, "_blank", "noopener noreferrer"]);
  const click = new Event("click", { cancelable: true });
  link.dispatchEvent(click);
  assert.equal(click.defaultPrevented, true);
  assert.deepEqual(asked, [PART.href]);
});

test("at a kiosk there is no way out: an address is text", () => {
  assert.deepEqual(Chat.prototype.part.call({ atKiosk: true }, PART), { words: PART.text });
});
