import fc from "fast-check";
import { describe, expect, test } from "vitest";
import sentences from "@/messages/sentences.vi.json";
import { readSentences, translator } from "./translator.ts";

const say = translator(
  readSentences({
    "Nothing was changed.": "Chưa thay đổi gì.",
    "The step “{0}” has no way out.": "Bước “{0}” không có lối ra.",
    "The {0} “{1}” is gone.": "Không còn {0} “{1}”.",
    "The step “{0}” is gone.": "Không còn bước “{0}”.",
    "{0} is still missing.": "Còn thiếu {0}.",
    "{0} Nothing was imported.": "{0} Chưa nhập gì.",
    "Row {0}, {1}: {2}": "Dòng {0}, {=1}: {2}",
    "there is no {0} called “{1}”.": "không có {0} nào tên “{1}”.",
    "There is no {0}.{1}": "Không có {=0}.{1}",
    " Did you mean {0}?": " Có phải ý bạn là {=0}?",
    "{count} of {all} rows": "{all} dòng, trong đó {count}",
    "Rules {0} both match.": "Các quy tắc {0} cùng khớp.",
    "It lacks the {0}.": "Thiếu {0}.",
    "The file has more than {0} rows.": "Tệp có hơn {0} dòng.",
    case: "trường hợp",
    time: "thời điểm",
    "a list": "danh sách",
    " and ": " và ",
    " and the ": " và ",
  }),
  { words: new Map([["Close date", "Ngày chốt"]]), thousands: "." },
);

describe("a sentence in another language", () => {
  test.each([
    ["as it is", "Nothing was changed.", "Chưa thay đổi gì."],
    ["with somebody's own word", "The step “Call back” has no way out.", "Bước “Call back” không có lối ra."],
    ["whose value looks like a word of ours", "The step “a list” is gone.", "Không còn bước “a list”."],
    [
      "whose value looks like a sentence",
      "The step “Nothing was changed.” is gone.",
      "Không còn bước “Nothing was changed.”.",
    ],
    ["that two patterns fit: the one that says more", "The step “x” is gone.", "Không còn bước “x”."],
    ["with the label of a field", "Close date is still missing.", "Còn thiếu Ngày chốt."],
    ["within a sentence", "Row 3, time: there is no lead called “x”.", "Dòng 3, time: không có lead nào tên “x”."],
    ["with one hung on", "There is no foo. Did you mean for?", "Không có foo. Có phải ý bạn là for?"],
    ["with an empty end", "There is no foo.", "Không có foo."],
    ["with holes in another order", "3 of 7 rows", "7 dòng, trong đó 3"],
    ["with several words", "It lacks the case and the time.", "Thiếu trường hợp và thời điểm."],
    ["with several numbers", "Rules 1 and 2 both match.", "Các quy tắc 1 và 2 cùng khớp."],
    ["with names that hold an and", "Rules Smith and Sons both match.", "Các quy tắc Smith and Sons cùng khớp."],
    ["with a large number", "The file has more than 1,000,000 rows.", "Tệp có hơn 1.000.000 dòng."],
    ["after another", "The step “x” is gone. Nothing was changed.", "Không còn bước “x”. Chưa thay đổi gì."],
    ["beside one that is not known", "Boom. Nothing was changed.", "Boom. Chưa thay đổi gì."],
    ["around two", "The step “x” is gone. Boom. Nothing was imported.", "Không còn bước “x”. Boom. Chưa nhập gì."],
    ["with points in a name", "The step “e. g. this” is gone.", "Không còn bước “e. g. this”."],
    ["that is not known", "Something else.", "Something else."],
    ["that is empty", "", ""],
  ])("%s", (_, english, vietnamese) => expect(say(english)).toBe(vietnamese));

  test.each(["__proto__", "constructor", "toString is still missing.", "{0}", "“”", " ", ". . .", "The step “"])(
    "stays whole: %s",
    (text) => expect(() => say(text)).not.toThrow(),
  );
  test("is no key of an object", () => {
    expect(say("__proto__")).toBe("__proto__");
    expect(say("constructor")).toBe("constructor");
    expect(say("The step “__proto__” is gone.")).toBe("Không còn bước “__proto__”.");
  });
});

describe("with all our sentences", () => {
  const all = translator(readSentences(sentences));

  test("a name put in comes out as it is", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        fc.pre(!/[”“"]/.test(name));
        expect(all(`Nothing leads to “${name}”.`)).toBe(`Không có gì dẫn tới “${name}”.`);
      }),
    );
  });
  test("any text has an answer", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => typeof all(text) === "string"));
  });
  test("what is said already is not said again", () => {
    for (const words of Object.values(sentences).filter((one) => /^\p{Lu}.* .*\.$/u.test(one)))
      expect(all(words)).toBe(words);
  });
  // Tried at every place, holes would take minutes at this length.
  test.each([
    "a. ",
    "“",
    "” ",
    "Row 1, x: ",
    "There is no ",
    "is missing. ",
    "{0} Nothing was imported. ",
    " and the ",
    ", ",
  ])("a long text of “%s” is soon said", (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    const from = performance.now();
    all(text);
    all(`Nothing leads to “${text}”.`);
    all(`${text} is missing.`);
    expect(performance.now() - from).toBeLessThan(2000);
  });
});
