"""Work that follows touches: at most once at a time, and never lost."""

import asyncio

from appliance.web.live.touched import Touched


class Work:
    def __init__(self):
        self.done, self.failed = [], []
        self.gate = asyncio.Event()
        self.fails = False
        self.touched = Touched(self.run, self.failed.append)

    async def run(self, key):
        await self.gate.wait()
        if self.fails:
            raise ValueError
        self.done.append(key)


async def test_it_works():
    work = Work()
    work.gate.set()
    work.touched.touch("a")
    work.touched.touch("b")
    await work.touched.settle()
    assert sorted(work.done) == ["a", "b"]


async def test_many_touches_meanwhile_are_one_more_run():
    work = Work()
    work.touched.touch("a")
    await asyncio.sleep(0)
    for _ in range(10):
        work.touched.touch("a")
    work.gate.set()
    await work.touched.settle()
    assert work.done == ["a", "a"]


async def test_what_fails_is_named_and_the_rest_goes_on():
    work = Work()
    work.gate.set()
    work.fails = True
    work.touched.touch("a")
    await work.touched.settle()
    assert work.failed == ["a"]
    work.fails = False
    work.touched.touch("a")
    await work.touched.settle()
    assert work.done == ["a"]


async def test_after_the_stop_nothing_begins():
    work = Work()
    work.touched.touch("a")
    await asyncio.sleep(0)
    await work.touched.stop()
    work.touched.touch("b")
    await work.touched.settle()
    assert work.done == []
