import assert from "node:assert/strict";
import test from "node:test";

import { inGroups, readDate, withLinks } from "./reading.js";

test("dates are read as people write them", () => {
  for (const typed of ["31.12.1980", " 31. 12. 1980", "31-12-80", "31/12/1980", "31121980", "1980-12-31"]) {
    assert.equal(readDate(typed, 2026), "1980-12-31", typed);
  }
  assert.equal(readDate("1.2.05", 2026), "2005-02-01");
});

test("what is no day stays unread", () => {
  for (const typed of ["", "31.2.1980", "gestern", "12.1980", "1.13.1980", "1.1.0099"]) {
    assert.equal(readDate(typed, 2026), null, typed);
  }
});

test("the password is shown in two groups, however it was typed", () => {
  assert.equal(inGroups("abcdefgh"), "ABCD EFGH");
  assert.equal(inGroups(" ab-cd ef gh"), "ABCD EFGH");
  assert.equal(inGroups("abc"), "ABC");
});

test("addresses in a line become links, the full stop stays outside", () => {
  assert.deepEqual(withLinks("Siehe https://amt.example/a?b=1."), [
    { text: "Siehe ", href: null },
    { text: "https://amt.example/a?b=1", href: "https://amt.example/a?b=1" },
    { text: ".", href: null },
  ]);
});

test("only http and https are links", () => {
  for (const line of ["javascript:alert(1)", "data:text/html,x", "ftp://x/", "https://"]) {
    assert.deepEqual(withLinks(line), [{ text: line, href: null }], line);
  }
});
