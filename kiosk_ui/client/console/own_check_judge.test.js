import assert from "node:assert/strict";
import test from "node:test";

import { heardWell, judgePicture, judgeSound } from "./own_check_judge.js";

const picture = (count, make) => Array.from({ length: count }, (_, at) => ({ atMs: at * 200, ...make(at) }));
const sound = { digital_silence_s: 0, speech_dbfs: -25, noise_dbfs: -60, clipped_bursts: 0 };

test("a bright, moving picture is good", () => {
  assert.equal(judgePicture(picture(12, () => ({ luma: 120, same: false }))), "camera_good");
});

test("a lens cover is dark, whether its noise moves or not", () => {
  assert.equal(judgePicture(picture(12, () => ({ luma: 3, same: false }))), "camera_dark");
  assert.equal(judgePicture(picture(12, () => ({ luma: 3, same: true }))), "camera_dark");
});

test("two seconds without any change are a still picture, one second is not", () => {
  assert.equal(judgePicture(picture(12, (at) => ({ luma: 90, same: at > 0 }))), "camera_still");
  assert.equal(judgePicture(picture(12, (at) => ({ luma: 90, same: at > 6 }))), "camera_good");
});

test("the light that came on last counts", () => {
  assert.equal(judgePicture(picture(12, (at) => ({ luma: at < 6 ? 0 : 100, same: false }))), "camera_good");
});

test("a spoken sentence is good and ends the wait", () => {
  assert.equal(judgeSound(sound), "microphone_good");
  assert.ok(heardWell(sound));
});

test("a hum without speech does not end the wait", () => {
  assert.ok(!heardWell({ ...sound, noise_dbfs: -27 }));
});

test("silent, soft and clipped are told apart", () => {
  assert.equal(judgeSound({ ...sound, digital_silence_s: 4, speech_dbfs: -120, noise_dbfs: -120 }), "microphone_silent");
  assert.equal(judgeSound({ ...sound, speech_dbfs: -70, noise_dbfs: -80 }), "microphone_silent");
  assert.equal(judgeSound({ ...sound, speech_dbfs: -50, noise_dbfs: -70 }), "microphone_soft");
  assert.equal(judgeSound({ ...sound, clipped_bursts: 5 }), "microphone_clipped");
});
