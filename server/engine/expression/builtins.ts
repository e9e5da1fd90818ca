/**
 * The DMN built-in functions. Each takes values and gives a value; null means that the arguments do not fit. Work that grows with
 * its arguments is paid for in fuel by the caller (`cost`).
 */
import { addMonths, clean } from "./arithmetic.ts";
import { compareBy, equal, order } from "./compare.ts";
import { rangeFunctions } from "./range-functions.ts";
import { compilePattern } from "./pattern.ts";
import { dayMs, isZone, weekdayOf } from "../calendar/zone.ts";
import {
  type FeelContext,
  type FeelFunction,
  type FeelValue,
  isContext,
  isDate,
  isDateTime,
  isDuration,
  isFunction,
  isTagged,
  isTime,
  makeDate,
  makeDateTime,
  makeDuration,
  makeMonths,
  makeRange,
  makeTime,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  textOf,
} from "./value.ts";

export type Builtin = {
  /** accepted parameter lists, by name */ signatures: string[][];
  variadic?: boolean;
  /** `pay`: for work beyond the size of the arguments, in steps. */
  call: (
    args: FeelValue[],
    call: (f: FeelFunction, args: FeelValue[]) => FeelValue,
    pay: (steps: number) => void,
  ) => FeelValue;
};

const builtins = new Map<string, Builtin>();
const define = (name: string, signatures: string, call: Builtin["call"], variadic = false) =>
  builtins.set(name, {
    signatures: signatures.split("|").map((s) => (s.trim() ? s.split(",").map((p) => p.trim()) : [])),
    variadic,
    call,
  });
const isNumber = (v: FeelValue): v is number => typeof v === "number";
const isString = (v: FeelValue): v is string => typeof v === "string";
const asList = (v: FeelValue): FeelValue[] => (Array.isArray(v) ? v : [v]);
/** `f(list)` and `f(a, b, …)` are the same. */
const spread = (args: FeelValue[]): FeelValue[] => (args.length === 1 && Array.isArray(args[0]) ? args[0] : args);

// --- conversion
define("date", "from|year,month,day", (args) => {
  if (args.length === 3) {
    const [y, m, d] = args;
    if (!isNumber(y!) || !isNumber(m!) || !isNumber(d!)) return null;
    return parseDate(
      `${y < 0 ? "-" : ""}${String(Math.abs(y)).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`,
    );
  }
  const [from] = args;
  if (isString(from!)) return parseDate(from);
  if (isDate(from!)) return from;
  return isDateTime(from!) ? makeDate(Math.floor(from.wall / dayMs)) : null;
});
define("time", "from|hour,minute,second|hour,minute,second,offset", (args) => {
  if (args.length >= 3) {
    const [h, m, s, offset] = args;
    if (!isNumber(h!) || !isNumber(m!) || !isNumber(s!) || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s >= 60)
      return null;
    if (offset != null && !(isDuration(offset) && offset.ms !== null)) return null;
    return makeTime(Math.floor((h * 3600 + m * 60 + s) * 1000), offset && isDuration(offset) ? offset.ms : null, null);
  }
  const [from] = args;
  if (isString(from!)) return parseTime(from);
  if (isTime(from!)) return from;
  if (isDateTime(from!))
    return makeTime(from.wall - Math.floor(from.wall / dayMs) * dayMs, from.zone ? null : from.offset, from.zone);
  return isDate(from!) ? makeTime(0, 0, null) : null;
});
define("date and time", "from|date,time", (args) => {
  if (args.length === 2) {
    const [date, time] = args;
    if (isString(date!) && isString(time!) && isZone(time)) return null;
    const day = isDate(date!) ? date.day : isDateTime(date!) ? Math.floor(date.wall / dayMs) : null;
    return day === null || !isTime(time!)
      ? null
      : makeDateTime(day * dayMs + time.ms, time.zone ? null : time.offset, time.zone);
  }
  const [from] = args;
  if (isDateTime(from!)) return from;
  if (isDate(from!)) return makeDateTime(from.day * dayMs, 0, null);
  return isString(from!) ? parseDateTime(from) : null;
});
define("duration", "from", ([from]) => (isString(from!) ? parseDuration(from) : isDuration(from!) ? from : null));
define("years and months duration", "from,to", ([from, to]) => {
  const day = (v: FeelValue) => (isDate(v) ? v.day : isDateTime(v) ? Math.floor(v.wall / dayMs) : null);
  const [a, b] = [day(from!), day(to!)];
  if (a === null || b === null) return null;
  const [x, y] = [new Date(Math.min(a, b) * dayMs), new Date(Math.max(a, b) * dayMs)];
  let months = (y.getUTCFullYear() - x.getUTCFullYear()) * 12 + y.getUTCMonth() - x.getUTCMonth();
  if (addMonths(makeDate(Math.min(a, b))!, months)!.day > Math.max(a, b)) months--;
  return makeMonths(a <= b ? months : -months);
});
define("number", "from|from,grouping separator,decimal separator", ([from, grouping, decimal]) => {
  if (isNumber(from!)) return from;
  if (!isString(from!)) return null;
  if (grouping != null && (!isString(grouping) || ![" ", ",", "."].includes(grouping))) return null;
  if (decimal != null && (!isString(decimal) || ![",", "."].includes(decimal) || decimal === grouping)) return null;
  let text = from;
  if (grouping != null) text = text.split(grouping).join("");
  if (decimal != null) text = text.split(decimal).join(".");
  return /^-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? clean(Number(text)) : null;
});
define("string", "from", ([from]) =>
  from === null || from === undefined ? null : isString(from) ? from : textOf(from),
);

// --- logic
define("not", "negand", ([v]) => (typeof v === "boolean" ? !v : null));
define("is", "value1,value2", ([a, b]) => {
  if (a === null || b === null) return a === b;
  if (isTagged(a!) && isTagged(b!)) return a.kind === b.kind && a.text === b.text;
  return typeof a === typeof b && equal(a!, b!) === true;
});

// --- contexts
define("get value", "m,key|context,key", ([m, key]) => {
  if (!m || !isContext(m)) return null;
  if (isString(key!)) return Object.hasOwn(m, key) ? m[key]! : null;
  if (!Array.isArray(key)) return null;
  let value: FeelValue = m;
  for (const k of key) {
    if (!isString(k) || !isContext(value) || !Object.hasOwn(value, k)) return null;
    value = value[k]!;
  }
  return key.length ? value : null;
});
define("get entries", "m|context", ([m]) =>
  m && isContext(m)
    ? Object.keys(m).map((key) =>
        contextOf([
          ["key", key],
          ["value", m[key]!],
        ]),
      )
    : null,
);
define("context", "entries", ([entries]) => {
  const found: [string, FeelValue][] = [];
  for (const entry of asList(entries!)) {
    if (
      !isContext(entry) ||
      !isString(entry.key ?? null) ||
      !Object.hasOwn(entry, "value") ||
      found.some(([k]) => k === entry.key)
    )
      return null;
    found.push([entry.key as string, entry.value!]);
  }
  return contextOf(found);
});
define("context put", "context,key,value|context,keys,value", ([m, key, value]) =>
  put(m!, Array.isArray(key) ? key : [key!], value!),
);
function put(m: FeelValue, keys: FeelValue[], value: FeelValue): FeelValue {
  const [key, ...rest] = keys;
  if (!m || !isContext(m) || !isString(key ?? null) || !keys.length) return null;
  const inner = rest.length ? put(m[key as string] ?? null, rest, value) : value;
  return inner === null && rest.length ? null : contextOf([...Object.entries(m), [key as string, inner]]);
}
define("context merge", "contexts", ([list]) =>
  asList(list!).every(isContext) ? contextOf(asList(list!).flatMap((c) => Object.entries(c as FeelContext))) : null,
);
export function contextOf(entries: [string, FeelValue][]): FeelContext {
  const context: FeelContext = Object.create(null) as FeelContext;
  for (const [key, value] of entries) context[key] = value;
  return context;
}

// --- lists
define("list contains", "list,element", ([list, element]) =>
  list === null ? null : asList(list!).some((v) => equal(v, element!) === true),
);
define("count", "list", ([list]) => (list === null ? null : asList(list!).length));
const extreme =
  (pick: (n: number) => boolean): Builtin["call"] =>
  (args) => {
    const list = spread(args);
    if (!list.length) return null;
    let best: FeelValue = list[0]!;
    for (const v of list) {
      const n = order(v, best);
      if (n === null) return null;
      if (pick(n)) best = v;
    }
    return best;
  };
define(
  "min",
  "list",
  extreme((n) => n < 0),
  true,
);
define(
  "max",
  "list",
  extreme((n) => n > 0),
  true,
);
const numbers = (args: FeelValue[]): number[] | null => {
  const list = spread(args);
  return list.length && list.every(isNumber) ? (list as number[]) : null;
};
const onNumbers = (name: string, of: (list: number[]) => FeelValue) =>
  define(
    name,
    "list",
    (args) => {
      const list = numbers(args);
      return list ? of(list) : null;
    },
    true,
  );
onNumbers("sum", (l) => clean(l.reduce((a, b) => a + b, 0)));
onNumbers("mean", (l) => clean(l.reduce((a, b) => a + b, 0) / l.length));
onNumbers("product", (l) => clean(l.reduce((a, b) => a * b, 1)));
onNumbers("median", (l) => {
  const s = [...l].sort((a, b) => a - b);
  const m = Math.floor(s.length / 2);
  return s.length % 2 ? s[m]! : clean((s[m - 1]! + s[m]!) / 2);
});
onNumbers("stddev", (l) => {
  if (l.length < 2) return null;
  const mean = l.reduce((a, b) => a + b, 0) / l.length;
  return clean(Math.sqrt(l.reduce((a, b) => a + (b - mean) ** 2, 0) / (l.length - 1)));
});
define(
  "mode",
  "list",
  (args) => {
    const list = spread(args);
    if (!list.every(isNumber)) return null;
    const counts = new Map<number, number>();
    for (const v of list as number[]) counts.set(v, (counts.get(v) ?? 0) + 1);
    const top = Math.max(0, ...counts.values());
    return [...counts]
      .filter(([, n]) => n === top)
      .map(([v]) => v)
      .sort((a, b) => a - b);
  },
  true,
);
define(
  "all",
  "list",
  (args) => {
    const l = spread(args);
    return l.some((v) => v === false) ? false : l.every((v) => v === true) ? true : null;
  },
  true,
);
define(
  "any",
  "list",
  (args) => {
    const l = spread(args);
    return l.some((v) => v === true) ? true : l.every((v) => v === false) ? false : null;
  },
  true,
);
define("sublist", "list,start position|list,start position,length", ([list, start, length]) => {
  if (list === null || !isNumber(start!) || start === 0 || (length != null && !isNumber(length))) return null;
  const l = asList(list!);
  const from = start > 0 ? start - 1 : l.length + start;
  if (from < 0 || from >= l.length || (isNumber(length ?? null) && (length as number) < 1)) return null;
  return l.slice(from, length != null ? from + (length as number) : undefined);
});
define("append", "list,item", ([list, ...items]) => (list === null ? null : [...asList(list!), ...items]), true);
define("concatenate", "list", (args) => (args.some((a) => a === null) ? null : args.flatMap(asList)), true);
define("insert before", "list,position,newItem", ([list, position, item]) => {
  if (list === null || !isNumber(position!) || position === 0) return null;
  const l = asList(list!);
  const at = position > 0 ? position - 1 : l.length + position;
  return at < 0 || at > l.length ? null : [...l.slice(0, at), item!, ...l.slice(at)];
});
define("remove", "list,position", ([list, position]) => {
  if (list === null || !isNumber(position!) || position === 0) return null;
  const l = asList(list!);
  const at = position > 0 ? position - 1 : l.length + position;
  return at < 0 || at >= l.length ? null : [...l.slice(0, at), ...l.slice(at + 1)];
});
define("list replace", "list,position,newItem|list,match,newItem", ([given, where, item], call) => {
  if (given === null) return null;
  const list = asList(given!);
  if (isFunction(where!)) {
    const tests = list.map((v) => call(where, [v, item!]));
    return tests.every((t) => typeof t === "boolean") ? list.map((v, i) => (tests[i] ? item! : v)) : null;
  }
  if (!isNumber(where!) || where === 0) return null;
  const at = where > 0 ? where - 1 : list.length + where;
  return at < 0 || at >= list.length ? null : list.map((v, i) => (i === at ? item! : v));
});
define("reverse", "list", ([list]) => (list === null ? null : [...asList(list!)].reverse()));
define("index of", "list,match", ([list, match]) =>
  list === null ? null : asList(list!).flatMap((v, i) => (equal(v, match!) === true ? [i + 1] : [])),
);
/** Texts, numbers, booleans and dates are told apart by their text; anything else is compared with all before it. */
function distinct(list: FeelValue[], pay: (steps: number) => void): FeelValue[] {
  const seen = new Set<string>();
  const others: FeelValue[] = [];
  return list.filter((value) => {
    const key = keyOf(value);
    if (key === null) {
      pay(others.length / 10);
      if (others.some((o) => equal(o, value) === true)) return false;
      others.push(value);
      return true;
    }
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
const keyOf = (value: FeelValue): string | null =>
  value === null || typeof value !== "object"
    ? `${typeof value} ${String(value)}`
    : isDate(value)
      ? `date ${value.day}`
      : null;
define(
  "union",
  "list",
  (args, _, pay) => (args.some((a) => a === null) ? null : distinct(args.flatMap(asList), pay)),
  true,
);
define("distinct values", "list", ([list], _, pay) => (list === null ? null : distinct(asList(list!), pay)));
define("flatten", "list", ([list]) => (list === null ? null : flat(asList(list!))));
const flat = (list: FeelValue[]): FeelValue[] => list.flatMap((v) => (Array.isArray(v) ? flat(v) : [v]));
define("sort", "list,precedes|list", ([list, precedes], call) => {
  if (list === null || (precedes != null && !isFunction(precedes))) return null;
  const l = [...asList(list!)];
  if (isFunction(precedes ?? null))
    return l.sort((a, b) =>
      call(precedes as FeelFunction, [a, b]) === true ? -1 : call(precedes as FeelFunction, [b, a]) === true ? 1 : 0,
    );
  return l.every((v) => order(v, l[0]!) !== null) ? l.sort((a, b) => order(a, b)!) : null;
});

// --- texts
define("substring", "string,start position|string,start position,length", ([s, start, length]) => {
  if (!isString(s!) || !isNumber(start!) || start === 0 || (length != null && (!isNumber(length) || length < 1)))
    return null;
  const chars = [...s];
  const from = start > 0 ? Math.trunc(start) - 1 : Math.max(0, chars.length + Math.trunc(start));
  return chars.slice(from, length != null ? from + Math.trunc(length as number) : undefined).join("");
});
define("string length", "string", ([s]) => (isString(s!) ? [...s].length : null));
define("upper case", "string", ([s]) => (isString(s!) ? s.toUpperCase() : null));
define("lower case", "string", ([s]) => (isString(s!) ? s.toLowerCase() : null));
define("trim", "string", ([s]) => (isString(s!) ? s.trim() : null));
define("substring before", "string,match", ([s, m]) =>
  isString(s!) && isString(m!) ? (s.includes(m) ? s.slice(0, s.indexOf(m)) : "") : null,
);
define("substring after", "string,match", ([s, m]) =>
  isString(s!) && isString(m!) ? (s.includes(m) ? s.slice(s.indexOf(m) + m.length) : "") : null,
);
define("contains", "string,match", ([s, m]) => (isString(s!) && isString(m!) ? s.includes(m) : null));
define("starts with", "string,match", ([s, m]) => (isString(s!) && isString(m!) ? s.startsWith(m) : null));
define("ends with", "string,match", ([s, m]) => (isString(s!) && isString(m!) ? s.endsWith(m) : null));
define("matches", "input,pattern|input,pattern,flags", ([s, p, flags], _, pay) => {
  if (!isString(s!) || !isString(p!) || (flags != null && !isString(flags))) return null;
  return compilePattern(p, (flags as string | null) ?? "")?.test(s, pay) ?? null;
});
define("replace", "input,pattern,replacement|input,pattern,replacement,flags", ([s, p, r, flags], _, pay) => {
  if (!isString(s!) || !isString(p!) || !isString(r!) || (flags != null && !isString(flags))) return null;
  return compilePattern(p, (flags as string | null) ?? "")?.replace(s, r, pay) ?? null;
});
define("split", "string,delimiter", ([s, d], _, pay) =>
  isString(s!) && isString(d!) ? (compilePattern(d, "")?.split(s, pay) ?? null) : null,
);
define("extract", "string,pattern", ([s, p], _, pay) =>
  isString(s!) && isString(p!) ? (compilePattern(p, "")?.matches(s, pay) ?? null) : null,
);
define(
  "string join",
  "list|list,delimiter|list,delimiter,prefix,suffix",
  ([list, delimiter, prefix, suffix], _, pay) => {
    if (list === null) return null;
    const l = asList(list!).filter((v) => v !== null);
    if (!l.every(isString) || [delimiter, prefix, suffix].some((v) => v != null && !isString(v))) return null;
    const between = isString(delimiter ?? null) ? (delimiter as string).length : 0;
    pay(l.reduce((sum, text) => sum + (text as string).length + between, 0) / 100);
    return `${(prefix as string | null) ?? ""}${l.join((delimiter as string | null) ?? "")}${(suffix as string | null) ?? ""}`;
  },
);

// --- numbers
const rounding = (name: string, round: (n: number) => number, needsScale = true) =>
  define(name, needsScale ? "n,scale" : "n|n,scale", ([n, scale]) => {
    if (!isNumber(n!) || (scale !== undefined ? !isNumber(scale) || scale < -6111 || scale > 6176 : needsScale))
      return null;
    const places = Math.trunc((scale as number | null) ?? 0);
    if (places > 300 || places < -300) return places > 0 ? n : 0;
    const shifted = Number(
      `${n}e${places}`.replace(/e([+-]?\d+)e([+-]?\d+)$/, (_, a: string, b: string) => `e${Number(a) + Number(b)}`),
    );
    const rounded = round(Number.isFinite(shifted) ? Number(shifted.toPrecision(15)) : n);
    return clean(
      Number(
        `${rounded}e${-places}`.replace(
          /e([+-]?\d+)e([+-]?\d+)$/,
          (_, a: string, b: string) => `e${Number(a) + Number(b)}`,
        ),
      ),
    );
  });
rounding("decimal", (n) => {
  const f = Math.floor(n);
  const d = n - f;
  return d < 0.5 ? f : d > 0.5 ? f + 1 : f % 2 === 0 ? f : f + 1;
});
rounding("floor", Math.floor, false);
rounding("ceiling", Math.ceil, false);
rounding("round up", (n) => (n < 0 ? Math.floor(n) : Math.ceil(n)));
rounding("round down", Math.trunc);
rounding("round half up", (n) => (n < 0 ? -Math.floor(-n + 0.5) : Math.floor(n + 0.5)));
rounding("round half down", (n) => (n < 0 ? -Math.ceil(-n - 0.5) : Math.ceil(n - 0.5)));
define("abs", "n", ([n]) =>
  isNumber(n!)
    ? Math.abs(n)
    : isDuration(n!)
      ? n.months !== null
        ? makeMonths(Math.abs(n.months))
        : makeDuration(Math.abs(n.ms))
      : null,
);
define("modulo", "dividend,divisor", ([a, b]) =>
  isNumber(a!) && isNumber(b!) && b !== 0 ? clean(a - b * Math.floor(a / b)) : null,
);
define("sqrt", "number", ([n]) => (isNumber(n!) && n >= 0 ? clean(Math.sqrt(n)) : null));
define("log", "number", ([n]) => (isNumber(n!) && n > 0 ? clean(Math.log(n)) : null));
define("exp", "number", ([n]) => (isNumber(n!) ? clean(Math.exp(n)) : null));
define("odd", "number", ([n]) => (isNumber(n!) && Number.isInteger(n) ? n % 2 !== 0 : null));
define("even", "number", ([n]) => (isNumber(n!) && Number.isInteger(n) ? n % 2 === 0 : null));

// --- calendar
const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const onDay = (name: string, of: (day: number) => FeelValue) =>
  define(name, "date", ([v]) => (isDate(v!) ? of(v.day) : isDateTime(v!) ? of(Math.floor(v.wall / dayMs)) : null));
const yearStart = (day: number) => {
  const d = new Date(0);
  d.setUTCFullYear(new Date(day * dayMs).getUTCFullYear(), 0, 1);
  return Math.floor(d.getTime() / dayMs);
};
onDay("day of year", (d) => d - yearStart(d) + 1);
onDay("day of week", (d) => dayNames[weekdayOf(d)]!);
onDay("month of year", (d) => monthNames[new Date(d * dayMs).getUTCMonth()]!);
onDay("week of year", (d) => {
  const thursday = d - weekdayOf(d) + 3;
  return Math.floor((thursday - yearStart(thursday)) / 7) + 1;
});

for (const [name, { signature, call }] of Object.entries(rangeFunctions)) define(name, signature, call);
define("range", "from", ([text]) => {
  const match = isString(text!) && text.length <= 1000 ? /^([[(\]])(.*)\.\.(.*)([\])[])$/.exec(text.trim()) : null;
  if (!match) return null;
  const end = (t: string): FeelValue | undefined => {
    const s = t.trim();
    if (!s) return null;
    if (/^-?\d+(\.\d+)?$/.test(s)) return Number(s);
    if (/^"([^"\\]*)"$/.test(s)) return s.slice(1, -1);
    const inner = /^(?:@|date\(|time\(|duration\(|date and time\()\s*"([^"]*)"\)?$/.exec(s)?.[1];
    return inner === undefined
      ? undefined
      : (parseDate(inner) ?? parseDateTime(inner) ?? parseTime(inner) ?? parseDuration(inner) ?? undefined);
  };
  const [low, high] = [end(match[2]!), end(match[3]!)];
  if (
    low === undefined ||
    high === undefined ||
    (low === null && match[1] === "[") ||
    (high === null && match[4] === "]")
  )
    return null;
  if (low !== null && high !== null && compareBy["<="](low, high) !== true) return null;
  return low === null && high === null ? null : makeRange(low, high, match[1] !== "[", match[4] !== "]");
});

export { builtins };
