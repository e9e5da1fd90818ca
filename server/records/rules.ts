/** The record model as the engine and the screens ask for it. */
import type { FeelValue } from "@/server/engine/expression/index.ts";
import type { EngineRecord, Values } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { localDay } from "@/server/engine/calendar/zone.ts";
import { businessEvents } from "./business-events.ts";
import { carriedFields } from "./carried.ts";
import { checkField } from "./check-field.ts";
import { sourcesOf } from "./derive/sources.ts";
import { type DeriveContext, asOfDay, countsOfDays, derive, derivedFrom } from "./derive.ts";
import type { Field, FieldType, Language } from "./field.ts";
import { fromFeelValue, toFeelContext } from "./feel.ts";
import { isClosed, listColumns, promoted, searchText, titleOf } from "./lists.ts";
import { findDuplicates, knownTexts, matchTexts } from "./matching.ts";
import { withCustomFields } from "./custom-fields.ts";
import { type RecordModel, fieldOf, picklist, recordType, standardModel } from "./model.ts";
import type { ExchangeRate } from "./money.ts";
import { referencesOf } from "./related.ts";
import { numberPlaces } from "./values.ts";
import { validateRecord } from "./validate-record.ts";

export type RuleOptions = {
  model?: RecordModel;
  baseCurrency: string;
  /** The workspace's zone: which day it is. */
  zone: string;
  rates?: readonly ExchangeRate[];
  /** A record beside the one at hand, by its id, where the caller has it loaded: an order's quote, a line's quote. */
  lookup?: (id: string) => Values | null | undefined;
} & Pick<DeriveContext, "amountFrom" | "stageProbability" | "medianAcv">;

export function recordRules(options: RuleOptions): RecordRules {
  const model = options.model ?? standardModel;
  const field = (type: string, key: string): Field | null => fieldOf(type, key, model);
  const feel = new WeakMap<EngineRecord, FeelValue>();

  /** The same record at another day is kept beside it: a day is asked for often. */
  const days = new WeakMap<EngineRecord, { day: number; record: EngineRecord }>();
  const onDay = (record: EngineRecord, at: number): EngineRecord => {
    if (!countsOfDays[record.type]) return record;
    const day = localDay(options.zone, at);
    const known = days.get(record);
    if (known?.day === day) return known.record;
    const values = asOfDay(record.type, record.values, { ...options, rates: options.rates ?? [], now: at });
    const then = values === record.values ? record : { ...record, values };
    days.set(record, { day, record: then });
    return then;
  };

  const toFeel = (record: EngineRecord): FeelValue => {
    // A changed record is another object, so what was built for this one stays right.
    const known = feel.get(record);
    if (known !== undefined) return known;
    const context = toFeelContext(
      record.type,
      { id: record.id, created_at: record.createdAt, ...record.values },
      { baseCurrency: options.baseCurrency, model },
    );
    feel.set(record, context);
    return context;
  };

  // Asked for every record of every command.
  const references = once((type) => referencesOf(type, model));
  const parts = once((type) =>
    Object.entries(derivedFrom).flatMap(([from, rules]) =>
      rules.flatMap((rule) =>
        rule.type === type && rule.as !== "quote" ? [{ type: from, field: rule.field, as: rule.as }] : [],
      ),
    ),
  );

  const beside = (values: Values): Pick<DeriveContext, "quote"> => {
    const quote = typeof values.quote_id === "string" ? options.lookup?.(values.quote_id) : null;
    return quote ? { quote } : {};
  };

  return {
    knows: (type) => recordType(type, model) !== null,
    hasField: (type, key) => field(type, key) !== null,
    carried: carriedFields,
    toFeel,
    onDay,
    countsDays: (type, key) => countsOfDays[type]?.includes(key) === true,
    sources: sourcesOf,
    fromFeel(type, key, value, record) {
      const target = field(type, key);
      if (!target) return { ok: false, text: `${type} has no field ${key}.` };
      const currency = record?.values.currency;
      return fromFeelValue(target, value, {
        currency: typeof currency === "string" ? currency : options.baseCurrency,
        zone: options.zone,
        model,
      });
    },
    check(type, key, value) {
      const target = field(type, key);
      return target ? (checkField(target, value, model)?.text ?? null) : `${type} has no field ${key}.`;
    },
    problems: (type, values, before) =>
      validateRecord(type, values, { previous: before, model })
        .filter(({ severity }) => severity === "error")
        .map(({ field: name, text }) => ({ field: name, text })),
    derive: (type, values, now, before, given) =>
      derive(type, values, {
        ...options,
        ...beside(values),
        ...given,
        rates: options.rates ?? [],
        now,
        previous: before ?? null,
      }),
    parts,
    wholes: (type) => derivedFrom[type] ?? [],
    defaults: (type) => defaultsOf(type, options.baseCurrency, model),
    numbered: (type, id, values) =>
      field(type, "number")?.required && textIn(values, "number") === null
        ? { ...values, number: `${type.slice(0, 3)}-${id.replace(/^[a-z]+_/, "").slice(-8)}`.toUpperCase() }
        : values,
    businessEvents,
    references,
    picklist(type, key) {
      const values = picklist(field(type, key)?.picklist, model).filter(({ retired }) => !retired);
      return values.length > 0 ? values.map(({ value }) => value) : null;
    },
    label: (type, key) => field(type, key)?.label.en ?? key,
    title: (type, values) => titleOf(type, values, () => null, model),
    search: (_type, values) => searchText(values),
    status: (type, values) => textIn(values, promoted(type, model).status),
    stageField: (type) => recordType(type, model)?.lifecycle?.field ?? null,
    amount: (type, values) => numberIn(values, promoted(type, model).amount),
    matchKeys: (type, values) => matchKeys(type, values, model),
    isSame: (record, other) => isSure(record, other, model),
    isClosed,
    place: (_type, values) => ({
      zone: textIn(values, "timezone"),
      country: textIn(values, "country") ?? textIn(values, "billing_country"),
    }),
  };
}

/** The same answer for the same type, worked out once. */
function once<T>(work: (type: string) => T): (type: string) => T {
  const known = new Map<string, T>();
  return (type) => {
    let answer = known.get(type);
    if (answer === undefined) known.set(type, (answer = work(type)));
    return answer;
  };
}

const textIn = (values: Values, key: string | null): string | null => {
  const value = key === null ? null : values[key];
  return typeof value === "string" && value !== "" ? value : null;
};

const numberIn = (values: Values, key: string | null): number | null => {
  const value = key === null ? null : values[key];
  return typeof value === "number" ? value : null;
};

/** What a new record begins with. */
export function defaultsOf(type: string, baseCurrency: string, model: RecordModel = standardModel): Values {
  const values: Values = {};
  for (const field of Object.values(recordType(type, model)?.fields ?? {})) {
    if (field.defaultFrom === "base_currency") values[field.key] = baseCurrency;
    else if (field.default !== undefined) values[field.key] = field.default;
  }
  return values;
}

/** Texts under which a record is stored and looked for: candidates share one. `isSame` tells which of them count. */
const matchKeys = (type: string, values: Values, model: RecordModel): string[] => [
  ...new Set(
    [...matchTexts(type, values, model), ...knownTexts(type, values, model)].map(
      ({ match, text }) => `${match}:${text}`,
    ),
  ),
];

/** Sure enough to act on without asking: the same record, or the account behind it. */
const isSure = (record: EngineRecord, other: EngineRecord, model: RecordModel): boolean =>
  findDuplicates(record, [other], model).some(
    ({ action }) =>
      action === "auto_merge" || action === "auto_merge_unless_distinct_parents" || action === "set_matched_account",
  );

/** What a screen has to know of a field to draw it. `scale`: decimal places, null where the record's currency says. */
export type FieldDescription = {
  name: string;
  label: string;
  type: FieldType | (string & {});
  options: { value: string; label: string }[] | null;
  derived: boolean;
  to: string | null;
  scale: number | null;
};

export type RecordLabels = {
  type(type: string): string;
  describe(type: string, field: string): FieldDescription;
  /** The few fields that say what a record is about. */
  summary(type: string): FieldDescription[];
  /** The words of a status a record of this type is in, a value that is no longer offered among them. */
  status(type: string, value: string | null | undefined): string | null;
  /** Words of the engine that no process names itself: decisions of an approval, "done". */
  phrase(key: string): string;
};

export function recordLabels(language: Language, model: RecordModel = standardModel): RecordLabels {
  const described = new Map<string, FieldDescription>();
  const describe = (type: string, key: string): FieldDescription => {
    const name = `${type}.${key}`;
    let description = described.get(name);
    if (!description) described.set(name, (description = describeAnew(type, key)));
    return description;
  };
  const describeAnew = (type: string, key: string): FieldDescription => {
    const field = fieldOf(type, key, model);
    if (!field) return { name: key, label: key, type: "text", options: null, derived: false, to: null, scale: null };
    const values = picklist(field.picklist, model);
    return {
      name: key,
      label: field.label[language],
      type: field.type,
      options: field.picklist
        ? values.filter(({ retired }) => !retired).map(({ value, label }) => ({ value, label: label[language] }))
        : null,
      derived: field.derived === true,
      to: field.to ?? null,
      scale: scaleOf(field),
    };
  };
  return {
    type: (type) => recordType(type, model)?.label[language] ?? type,
    describe,
    summary: (type) => listColumns(type).map((key) => describe(type, key)),
    status: (type, value) => {
      const key = promoted(type, model).status;
      const known = key ? picklist(fieldOf(type, key, model)?.picklist, model) : [];
      return known.find((one) => one.value === value)?.label[language] ?? value?.replaceAll("_", " ") ?? null;
    },
    phrase: (key) => phrases[key]?.[language] ?? key,
  };
}

function scaleOf(field: Field): number | null {
  if (field.type === "money") return field.unitPrice ? 4 : null;
  return field.type === "integer" || field.type === "decimal" || field.type === "percent" ? numberPlaces(field) : null;
}

const phrases: Readonly<Record<string, { en: string; vi: string }>> = {
  done: { en: "Done", vi: "Xong" },
  "decision.approved": { en: "Approve", vi: "Duyệt" },
  "decision.rejected": { en: "Reject", vi: "Từ chối" },
  "decision.returned": { en: "Send back", vi: "Trả lại" },
};

/** The record model of a workspace: ours and its own fields (`settings.custom_fields`); ours alone when those do not fit. */
export function workspaceModel(settings: Readonly<Record<string, unknown>>): RecordModel {
  const custom = settings.custom_fields;
  const extended = withCustomFields(standardModel, Array.isArray(custom) ? custom : []);
  return extended.ok ? extended.model : standardModel;
}

/** The rules of a workspace over its record model: base currency, zone and exchange rates (`settings.rates`). */
export function workspaceRules(
  workspace: { currency: string; zone: string; settings: Values },
  model: RecordModel,
): RecordRules {
  const rates = Array.isArray(workspace.settings.rates) ? (workspace.settings.rates as ExchangeRate[]) : [];
  return recordRules({
    baseCurrency: workspace.currency,
    zone: workspace.zone,
    rates,
    model,
  });
}
