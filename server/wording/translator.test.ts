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
  const all = translator(readSentences(sentences), { thousands: "." });

  test("a name put in comes out as it is", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        fc.pre(!/[”“"]/.test(name));
        expect(all(`Nothing leads to “${name}”.`)).toBe(`Không có gì dẫn tới “${name}”.`);
      }),
    );
  });
  test("what is wrong with a row, one thing after the other, is said one by one", () => {
    const wrong = [
      "Row 2, Country: “Atlantis” is not a country. Did you mean “Atlas”?",
      "Row 2, Employees: “12.5” is not a whole number.",
      "Row 2, Phone: “12” has no country: write it with + and the country code, or fill in the country.",
      "Row 2, time: “x” is not one of the values of Status.",
    ];
    for (let n = 1; n <= 12; n++) {
      const some = Array.from({ length: n }, (_, i) => wrong[i % wrong.length]!);
      expect(all(some.join(" "))).toBe(some.map(all).join(" "));
    }
    expect(all(wrong[0]!)).toBe("Dòng 2, Country: “Atlantis” không phải là quốc gia. Có phải ý bạn là “Atlas”?");
  });
  test.each([
    [
      "Nothing leads to “x”. And 3 more. Nothing was published.",
      "Không có gì dẫn tới “x”. Và 3 vấn đề nữa. Chưa phát hành gì.",
    ],
    ["Nothing leads to “x”. Nothing was published.", "Không có gì dẫn tới “x”. Chưa phát hành gì."],
    [
      "The header row cannot be read. Row 1 has more than 2,000 cells. It was left out; check its delimiters. Nothing was imported.",
      "Không đọc được dòng tiêu đề. Dòng 1 có hơn 2.000 ô. Dòng này bị bỏ qua; hãy kiểm tra dấu phân cách. Chưa nhập gì.",
    ],
    [
      "Somebody else changed this at the same time. Nothing was saved; look at it again. 3 of 9 cases were imported before it; undo the import imp_1 to take them back.",
      "Người khác vừa thay đổi chỗ này cùng lúc. Chưa lưu gì; hãy xem lại. Trước đó đã nhập 3 trên 9 trường hợp; hãy rút lại lần nhập imp_1 để bỏ chúng.",
    ],
    [
      "The request is not valid at name: Too big: expected string to have <=80 characters. Nothing was changed.",
      "Yêu cầu không hợp lệ ở name: cần văn bản không quá 80 ký tự. Chưa thay đổi gì.",
    ],
    [
      "2 people are still in this team. Nothing was removed; move them to another team first.",
      "2 người còn trong nhóm này. Chưa xóa gì; hãy chuyển họ sang nhóm khác trước.",
    ],
    [
      "The field x_a cannot be read at label: Invalid input: expected string, received undefined.",
      "Không đọc được trường x_a ở label: cần văn bản, nhận được chỗ trống.",
    ],
    [
      "Rule 2 of the table Discount: “)” is missing before the end.",
      "Quy tắc 2 của bảng Discount: Thiếu “)” trước chỗ kết thúc.",
    ],
    [
      "lead.score is a number, so it is never the text “hot”.",
      "lead.score là số nên không bao giờ bằng văn bản “hot”.",
    ],
    [
      "The decision table Discount gave no usable answer: rules 1 and 3 both match, and only one may",
      "Bảng quyết định Discount không cho kết quả dùng được: các quy tắc 1 và 3 cùng khớp, nhưng chỉ được một",
    ],
    ["Row 7 has no case. It was left out.", "Dòng 7 không có trường hợp. Dòng này bị bỏ qua."],
    [
      "It is not clear which column holds the case and the time. Choose among: case, a.",
      "Không rõ cột nào chứa trường hợp và thời điểm. Hãy chọn trong: case, a.",
    ],
    [
      "This file (it is kept for a day) does not exist, or you may not see it.",
      "Tệp này (được giữ một ngày) không tồn tại hoặc bạn không được xem.",
    ],
    [
      "mon: 09:00–08:00 is not a span of a day. Write 09:00–17:00, at most to 24:00.",
      "T2: 09:00–08:00 không phải là một khoảng trong ngày. Hãy ghi 09:00–17:00, muộn nhất đến 24:00.",
    ],
    ["Lan has taken this task.", "Lan đã nhận việc này."],
    ["Somebody else has taken this task.", "Người khác đã nhận việc này."],
  ])("“%s”", (english, vietnamese) => expect(all(english)).toBe(vietnamese));
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
