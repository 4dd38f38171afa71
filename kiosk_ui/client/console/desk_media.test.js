import assert from "node:assert/strict";
import test from "node:test";

globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.document = { hidden: false };
globalThis.setInterval = () => 0; // no beat: what is asked for here is asked for at once
const nothing = () => Promise.reject(new DOMException("none", "NotFoundError"));
const devices = { getUserMedia: nothing, enumerateDevices: async () => [] };
Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: devices } });
const { DeskMedia } = await import("./desk_media.js");

const SESSION = { visit_id: "v1", mode: "video", sees_adviser: true, identity: "open" };

function desk() {
  /** @type {string[]} */
  const said = [];
  const made = { snapshot: { session: null }, online: true, changed() {} };
  return { ...made, said, send: ({ type }) => said.push(type) };
}

test("whoever is let in does not wait for the next beat", () => {
  const one = desk();
  const media = new DeskMedia(one);
  media.update();
  assert.deepEqual(one.said, []); // nobody is there
  one.snapshot = { session: SESSION, media: "none" };
  media.update();
  assert.deepEqual(one.said, ["join_media", "sending"]);
  media.update();
  assert.equal(one.said.filter((type) => type === "join_media").length, 1);
});

test("a conversation in writing needs no connection", () => {
  const one = desk();
  const media = new DeskMedia(one);
  one.snapshot = { session: { ...SESSION, mode: "text" }, media: "none" };
  media.update();
  assert.ok(!one.said.includes("join_media"));
});
