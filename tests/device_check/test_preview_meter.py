from appliance.device_check.preview_meter import PreviewMeter


def running(meter: PreviewMeter, from_s: float, seconds: float, fps: int = 20) -> None:
    for number in range(round(seconds * fps)):
        meter.source(from_s + number / fps)
        meter.sent(from_s + number / fps, 0.02, masked=True)


def test_it_works() -> None:
    meter = PreviewMeter()
    meter.restart(100.0)
    running(meter, 100.5, 4)
    record = meter.record("blur", 104.5)
    assert record.ready
    assert (record.waiting_s, record.running_s) == (0.5, 4.0)
    assert record.ms_per_frame == 20
    assert 19 <= record.frames_per_s <= 21
    assert 19 <= record.source_frames_per_s <= 21


def test_none_is_nothing() -> None:
    meter = PreviewMeter()
    running(meter, 1.0, 1)
    assert not meter.record("none", 2.0).ready


def test_closed_pictures_are_not_ready() -> None:
    meter = PreviewMeter()
    meter.restart(10.0)
    meter.sent(10.1, 0.01, masked=False)
    record = meter.record("blur", 18.0)
    assert not record.ready
    assert record.waiting_s == 8.0


def test_a_frame_begun_before_does_not_count() -> None:
    meter = PreviewMeter()
    meter.restart(10.0)
    meter.sent(9.97, 0.05, masked=True)
    meter.source(9.99)
    record = meter.record("blur", 10.02)
    assert not record.ready
    assert record.source_frames_per_s == 0
