/** The kiosk looks itself over, with nobody in front of it. What comes of it is judged by the appliance. */

import { post } from "../api.js";
import { checkCamera } from "../console/own_check_steps.js";
import { NoDevice, openDevice } from "../media/devices.js";
import { loopBack } from "../media/loop_back.js";
import { missingKinds, namedNow } from "./hardware.js";
import { rememberSetUp, setUpBefore } from "./set_up.js";
import { TestRoom } from "./test_room.js";

/** @typedef {import("../../protocol").SelfTest} SelfTest */
/** @typedef {import("../../protocol").KioskOrders} KioskOrders */

const PATH_LIMIT_MS = 15_000;
const LOOK_MS = 200;
/** @type {Record<string, SelfTest["picture"]>} */
const PICTURES = {
  "check.camera_good": "good",
  "check.camera_dark": "dark",
  "check.camera_still": "still",
};

/**
 * @param {"set_up" | "test"} errand
 * @returns {Promise<KioskOrders>}
 */
export async function testItself(errand) {
  const setUp = errand === "test" ? setUpBefore() : null;
  const picture = await lookThroughCamera();
  const loop = await hearItself(setUp?.gain_db ?? null);
  const path = await reachRelay();
  const devices = await namedNow(); // names are told once devices have been opened
  /** @type {SelfTest} */
  const test = {
    missing: setUp ? missingKinds(setUp.devices, devices) : [],
    picture,
    loop,
    path,
    touch_points: navigator.maxTouchPoints,
    touch_expected: setUp?.touch ?? false,
  };
  if (errand === "test") {
    return await post("kiosk/tested", { test });
  }
  const heard = loop.error ? null : (loop.gain_db ?? null);
  const found = { devices, gain_db: heard, touch: navigator.maxTouchPoints > 0 };
  rememberSetUp(found);
  return await post("kiosk/tested", { test, set_up: found });
}

/** @returns {Promise<SelfTest["picture"]>} */
async function lookThroughCamera() {
  const video = document.createElement("video");
  [video.muted, video.playsInline, video.autoplay] = [true, true, true];
  /** @type {MediaStreamTrack | null} */
  let opened = null;
  try {
    const { key } = await checkCamera(video, (track) => {
      opened = track;
      return true;
    });
    return PICTURES[key] ?? "none";
  } finally {
    /** @type {MediaStreamTrack | null} */ (opened)?.stop();
    video.srcObject = null;
  }
}

/**
 * @param {number | null} set_up_gain_db
 * @returns {Promise<import("../../protocol").LoopBack>}
 */
async function hearItself(set_up_gain_db) {
  const known = /** @type {const} */ ({ kind: "speaker", set_up_gain_db });
  /** @type {MediaStreamTrack | null} */
  let track = null;
  try {
    track = await openDevice("microphone", true);
    return { ...known, ...(await loopBack(track)) };
  } catch (error) {
    return { ...known, error: error instanceof NoDevice ? error.reason : "timed_out" };
  } finally {
    track?.stop();
  }
}

/** Whether sound and picture would get there: the same way that a conversation takes. */
async function reachRelay() {
  const room = new TestRoom();
  const until = performance.now() + PATH_LIMIT_MS;
  while (!room.connected && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const { connected } = room;
  room.end();
  return connected;
}
