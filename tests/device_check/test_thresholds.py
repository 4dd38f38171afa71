from appliance.device_check import thresholds


def test_it_works() -> None:
    entry = thresholds.THRESHOLDS["camera_slow"]
    assert entry.value == thresholds.SLOW_FPS == 20
    assert (entry.unit, entry.source) == ("frames/s", "EN 301 549 6.5")


def test_every_limit_is_in_the_table_with_unit_and_source() -> None:
    constants = [name for name in vars(thresholds) if name.isupper() and name != "THRESHOLDS"]
    assert len(constants) == len(thresholds.THRESHOLDS)
    assert all(entry.unit and entry.source for entry in thresholds.THRESHOLDS.values())
