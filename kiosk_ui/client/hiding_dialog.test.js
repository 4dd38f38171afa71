import assert from "node:assert/strict";
import test from "node:test";

class Button extends EventTarget {
  getAttribute() {
    return null;
  }
}

/** The dialog with its four buttons, as far as its script looks at it. */
class Dialog extends EventTarget {
  open = false;
  buttons = {};

  querySelectorAll(selector) {
    const [, action] = /data-do="(.*)"/.exec(selector) ?? [];
    return action ? [(this.buttons[action] ??= new Button())] : [];
  }

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
  }

  answer(action) {
    this.buttons[action].dispatchEvent(new Event("click"));
  }
}

globalThis.HTMLDialogElement = Dialog;
const { HidingDialog } = await import("./hiding_dialog.js");

/** A camera that has gone off because the room could not be hidden any more. */
function asked(undecided = true) {
  const page = new Dialog();
  globalThis.document = { querySelector: () => page };
  const done = [];
  const media = {
    on: { camera: !undecided },
    turn: (kind, on) => done.push(`${kind} ${on ? "on" : "off"}`),
    release: (kind) => done.push(`${kind} released`),
    hiding: { undecided, agree: () => done.push("agreed") },
  };
  const visit = {
    media,
    snapshot: { state: "in_session" },
    hide: (look) => done.push(`look ${look}`),
    tellBackground: () => done.push("told"),
  };
  const dialog = new HidingDialog(visit);
  dialog.show(undecided ? "lost" : "ask");
  return { dialog, page, done };
}

for (const [action, all] of [
  ["hide-nothing", ["look none", "camera on"]],
  ["hide-by-appliance", ["agreed", "told", "camera on"]],
  ["hide-without-camera", ["camera off", "camera released"]],
]) {
  test(`answered by ${action}`, () => {
    const { page, done } = asked();
    assert.equal(page.open, true);
    page.answer(action);
    assert.deepEqual([page.open, done], [false, all]);
  });
}

test("the Escape key answers nothing: the camera is off, and can be switched on again", () => {
  const { dialog, page, done } = asked();
  page.dispatchEvent(new Event("cancel"));
  assert.deepEqual(done, ["camera off"]);
  assert.equal(dialog.left, true, "a background that is chosen later switches it on again");
});

test("where the room is still hidden it stays so, and so does the camera", () => {
  const { page, done } = asked(false);
  page.dispatchEvent(new Event("cancel"));
  assert.deepEqual(done, []);
});
