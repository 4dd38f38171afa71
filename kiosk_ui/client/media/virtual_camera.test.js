import assert from "node:assert/strict";
import { test } from "node:test";
import { isVirtual } from "./virtual_camera.js";

test("programs that make pictures are known by their names", () => {
  for (const label of [
    "OBS Virtual Camera",
    "OBS-Camera",
    "ManyCam Virtual Webcam",
    "Snap Camera",
    "XSplit VCam",
    "Dummy video device (0x0000)",
    "Unity Video Capture",
    "e2eSoft VCam",
    "v4l2loopback",
  ]) {
    assert.equal(isVirtual(label), true, label);
  }
});

test("cameras are cameras, phones as cameras too", () => {
  for (const label of [
    "Integrated Camera (04f2:b67c)",
    "FaceTime HD Camera",
    "HD Pro Webcam C920 (046d:082d)",
    "Iriun Webcam",
    "camera2 1, facing front",
    "Facing front:1",
    "fake_device_0",
    "Jobs Camera",
    "",
  ]) {
    assert.equal(isVirtual(label), false, label);
  }
});
