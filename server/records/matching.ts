/** Recognising records that mean the same person, company or thing, by the record model's keys. */
import type { Plain, Values } from "@/server/engine/model.ts";
import type { DuplicateKey } from "./field.ts";
import { fold, similarity } from "./fold.ts";
import { type RecordModel, recordType, standardModel } from "./model.ts";
import { daysBetween } from "./written-numbers.ts";

export type Known = { type: string; id: string; values: Values };

/** Which key found it, how sure it is (0–1), and what follows. */
export type Match = { id: string; type: string; key: string; confidence: number; action: DuplicateKey["action"] };

/**
 * Texts under which records that may be the same are found by equality, so that nobody compares everything with everything.
 * `match` names the key; a candidate and a known record with an equal text are worth comparing.
 */
export type MatchText = { match: string; text: string };

/** The texts of a record as a candidate: where to look for others like it (`type` says among which). */
export function matchTexts(
  type: string,
  values: Values,
  model: RecordModel = standardModel,
): (MatchText & { type: string })[] {
  return (recordType(type, model)?.duplicateKeys ?? []).flatMap((key) => {
    const text = blockText(key, values, key.fields);
    return text === null ? [] : [{ match: `${key.against ?? type}.${key.name}`, text, type: key.against ?? type }];
  });
}

/** The texts under which a stored record is found: as one of its own type, and as what other types' keys look for. */
export function knownTexts(type: string, values: Values, model: RecordModel = standardModel): MatchText[] {
  return Object.values(model.types).flatMap((from) =>
    from.duplicateKeys
      .filter((key) => (key.against ?? from.key) === type)
      .flatMap((key) => {
        const text = blockText(key, values, fieldsThere(key));
        return text === null ? [] : [{ match: `${type}.${key.name}`, text }];
      }),
  );
}

/** Every record that may be the same as the candidate, surest first, each by its surest key. Itself is left out. */
export function findDuplicates(
  candidate: Known,
  existing: Iterable<Known>,
  model: RecordModel = standardModel,
): Match[] {
  const keys = recordType(candidate.type, model)?.duplicateKeys ?? [];
  const found: Match[] = [];
  for (const known of existing) {
    if (known.id === candidate.id && known.type === candidate.type) continue;
    const best = keys
      .filter((key) => (key.against ?? candidate.type) === known.type && isSame(key, candidate.values, known.values))
      .sort((a, b) => b.confidence - a.confidence)[0];
    if (best)
      found.push({
        id: known.id,
        type: known.type,
        key: best.name,
        confidence: best.confidence,
        action: actionFor(best, candidate, known),
      });
  }
  return found.sort((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
}

/** A merge that the guards forbid becomes a question to a person: two companies with different parents are two companies. */
function actionFor(key: DuplicateKey, candidate: Known, known: Known): DuplicateKey["action"] {
  if (
    key.action !== "auto_merge_unless_distinct_parents" &&
    !(key.action === "auto_merge" && candidate.type === "account")
  )
    return key.action;
  const [a, b] = [candidate.values.parent_account_id ?? null, known.values.parent_account_id ?? null];
  return a !== null && b !== null && a !== b ? "review" : key.action;
}

const fieldsThere = (key: DuplicateKey): readonly string[] => (key.againstField ? [key.againstField] : key.fields);

function isSame(key: DuplicateKey, a: Values, b: Values): boolean {
  const there = fieldsThere(key);
  switch (key.match) {
    case "exact":
      return key.fields.every((field, i) => equal(field, a[field], b[there[i] ?? field]));
    case "similar_person":
      return key.fields.every((field) => (isName(field) ? true : equal(field, a[field], b[field]))) && samePerson(a, b);
    case "similar_name":
      return key.fields.every((field) =>
        isName(field)
          ? similarity(companyName(a[field]), companyName(b[field])) >= 0.93
          : equal(field, a[field], b[field]),
      );
    case "both_open_near_close":
      return (
        key.fields.every((field) => equal(field, a[field], b[field])) &&
        isOpen(a) &&
        isOpen(b) &&
        closeTogether(a.close_date, b.close_date)
      );
    case "same_minute":
      return key.fields.every((field) =>
        field === "occurred_at"
          ? typeof a[field] === "number" && typeof b[field] === "number" && Math.abs(a[field] - b[field]) <= 60_000
          : equal(field, a[field], b[field]),
      );
    default:
      return key.match satisfies never;
  }
}

const isName = (field: string): boolean => field === "name" || field === "first_name" || field === "last_name";

/** A key has to have something to compare: two empty fields are not equal. */
const equal = (field: string, a: Plain | undefined, b: Plain | undefined): boolean =>
  comparable(field, a) !== "" && comparable(field, a) === comparable(field, b);

/** Names without accents and case, ids to the letter, everything else (addresses, numbers) without case. */
function comparable(field: string, value: Plain | undefined): string {
  if (isName(field)) return nameText(value);
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  return field.endsWith("_id") && field !== "tax_id" ? value : value.trim().toLowerCase();
}

const nameText = (value: Plain | undefined): string => (typeof value === "string" ? fold(value) : "");

/** Last names nearly equal, first names nearly equal or one the beginning of the other ("J." and "Jane"). */
function samePerson(a: Values, b: Values): boolean {
  const [lastA, lastB, firstA, firstB] = [
    nameText(a.last_name),
    nameText(b.last_name),
    nameText(a.first_name),
    nameText(b.first_name),
  ];
  if (similarity(lastA, lastB) < 0.93 || firstA === "" || firstB === "") return false;
  return firstA.startsWith(firstB) || firstB.startsWith(firstA) || similarity(firstA, firstB) >= 0.9;
}

const legalForms = new Set(
  "inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg ohg se sa sas sarl srl spa bv nv ab as asa oy oyj aps kk pte pty sdn bhd jsc ojsc zao ooo tnhh cp mtv".split(
    " ",
  ),
);

/** Folded, without legal forms: "Công ty TNHH An Phát" → "an phat"; a name of nothing else is kept. */
export function companyName(value: Plain | undefined): string {
  const words = nameText(value)
    .replace(/^cong ty( co phan| trach nhiem huu han)?\b/, "")
    .split(" ")
    .filter((word) => word !== "");
  const left = words.filter((word) => !legalForms.has(word));
  return (left.length > 0 ? left : words).join(" ");
}

const isOpen = (values: Values): boolean => values.stage !== "closed_won" && values.stage !== "closed_lost";

const closeTogether = (a: Plain | undefined, b: Plain | undefined): boolean =>
  typeof a === "string" && typeof b === "string" && Math.abs(daysBetween(a, b)) <= 60;

/** What has to be equal for the key to be worth trying: its exact fields, or the first letter of a name. */
function blockText(key: DuplicateKey, values: Values, fields: readonly string[]): string | null {
  const parts = fields
    .filter((field) => field !== "occurred_at" && field !== "first_name")
    .map((field) =>
      isName(field) && key.match !== "exact" ? (companyName(values[field])[0] ?? "") : comparable(field, values[field]),
    );
  return parts.length === 0 || parts.some((part) => part === "") ? null : parts.join(" ");
}
