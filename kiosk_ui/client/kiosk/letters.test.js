import assert from "node:assert/strict";
import { test } from "node:test";

import { lettersOf } from "./letters.js";

const ALPHABETS = {
  de: "abcdefghijklmnopqrstuvwxyzäöüß",
  tr: "abcçdefgğhıijklmnoöprsştuüvyz",
  ru: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
  uk: "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
  ar: "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإئؤىة",
};

test("whoever comes can write their name, and a line to the adviser, in their own letters", () => {
  for (const [language, alphabet] of Object.entries(ALPHABETS)) {
    const signs = lettersOf(language).flatMap(({ rows }) => [...rows.join("")]);
    assert.deepEqual([...alphabet].filter((one) => !signs.includes(one)), [], language);
  }
});

test("Latin letters are first, and no row is wider than a hand can hit", () => {
  for (const language of Object.keys(ALPHABETS)) {
    const letters = lettersOf(language);
    assert.ok(letters[0].rows[1].startsWith("qwertz"));
    assert.ok(letters.every(({ rows }) => rows.length === 4 && rows.every((row) => [...row].length <= 13)));
  }
});
