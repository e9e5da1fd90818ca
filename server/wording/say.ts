/** Our sentences in the language of whoever reads them. Events, logs, the command line and API keys keep the English. */
import vietnamese from "@/messages/sentences.vi.json";
import type { Language } from "@/server/records/field.ts";
import { type RecordModel, recordTypes, standardModel } from "@/server/records/model.ts";
import { asItIs, readSentences, type Say, translator } from "./translator.ts";

const sentences = readSentences(vietnamese);

/** `model`: whose types and fields the sentences name by their English labels. */
export const sayIn = (language: Language, model: RecordModel = standardModel): Say =>
  language === "vi" ? translator(sentences, { words: wordsOf(model), thousands: "." }) : asItIs;

const known = new WeakMap<RecordModel, ReadonlyMap<string, string>>();

/** Labels of types and fields, at the beginning of a sentence and within one; a type also by its key. The first meaning counts. */
function wordsOf(model: RecordModel): ReadonlyMap<string, string> {
  const had = known.get(model);
  if (had) return had;
  const words = new Map<string, string>();
  const add = (english: string, said: string) => void (words.has(english) || words.set(english, said));
  for (const { key, label, fields } of recordTypes(model)) {
    add(key, lower(label.vi));
    for (const one of [label, ...Object.values(fields).map((field) => field.label)]) {
      add(one.en, one.vi);
      add(one.en.toLowerCase(), lower(one.vi));
    }
  }
  known.set(model, words);
  return words;
}

const lower = (text: string): string =>
  /^\p{Lu}{2}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
