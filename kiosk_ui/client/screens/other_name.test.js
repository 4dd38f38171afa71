import assert from "node:assert/strict";
import test from "node:test";

import { Element } from "./check/paper_page.js";

class Video extends Element {}
Object.assign(globalThis, { HTMLElement: Element, HTMLVideoElement: Video, document: new Element() });
globalThis.sessionStorage = { getItem: () => null, setItem() {}, removeItem() {} };
const { SessionScreen } = await import("./session.js");
const { Chat } = await import("./chat.js");

const OFFICE = '[data-text="office"]'; // a page of paper calls everything by its selector

/** What stands beside the other person's picture. */
function plate(snapshot) {
  const root = Object.assign(new Element(), { classList: { toggle() {} } });
  const media = { slots: [], peer: { state: "connected" }, troubleMs: 0 };
  const state = { root, visit: { media }, track: null, fill() {}, screen: { fill() {}, shown: false } };
  SessionScreen.prototype.showOther.call(state, { mode: "text", state: "in_session", ...snapshot });
  return root.querySelector('[data-slot="name"]').textContent;
}

test("an adviser whose account is closed goes by the office's name, never by none", () => {
  const gone = { online: true, microphone: true, name: "" };
  assert.equal(plate({ adviser: { ...gone, name: "Frau Yılmaz" } }), "Frau Yılmaz");
  assert.equal(plate({ adviser: gone, appointment: { adviser_name: "" } }), OFFICE);
  const { get } = Object.getOwnPropertyDescriptor(Chat.prototype, "name");
  assert.equal(get.call({ visit: { snapshot: { adviser: gone } } }), OFFICE);
  assert.equal(plate({ adviser: null, appointment: { adviser_name: "" } }), OFFICE);
});
