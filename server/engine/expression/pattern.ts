/**
 * Regular expressions in time linear in the text (Thompson's construction, Pike's simulation with groups): a pattern of a user can
 * never hang. XPath syntax as DMN asks for it; back-references have no linear-time meaning and are refused.
 */
type Test = (c: number) => boolean;
type Node =
  | { kind: "char"; test: Test }
  | { kind: "sequence" | "choice"; parts: Node[] }
  | { kind: "repeat"; part: Node; min: number; max: number; greedy: boolean }
  | { kind: "group"; part: Node; index: number }
  | { kind: "start" | "end" | "empty" };
type Op =
  | { op: "char"; test: Test }
  | { op: "split"; a: number; b: number }
  | { op: "jump"; to: number }
  | { op: "save"; slot: number }
  | { op: "start" | "end" }
  | { op: "match" };

const mostOps = 4000;

/** Told of the work as it is done, in steps; may throw to end it. */
export type Pay = (steps: number) => void;
export type Pattern = {
  test(text: string, pay: Pay): boolean;
  replace(text: string, by: string, pay: Pay): string | null;
  split(text: string, pay: Pay): string[];
  matches(text: string, pay: Pay): string[];
};

const cache = new Map<string, Pattern | null>();

/** Null when the pattern or a flag cannot be read. */
export function compilePattern(source: string, flags: string): Pattern | null {
  const key = `${flags}/${source}`;
  if (!cache.has(key)) {
    if (cache.size > 500) cache.clear();
    cache.set(key, build(source, flags));
  }
  return cache.get(key)!;
}

function build(source: string, flags: string): Pattern | null {
  if (!/^[ismxq]*$/.test(flags)) return null;
  const insensitive = flags.includes("i");
  const text = flags.includes("q")
    ? source.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")
    : flags.includes("x")
      ? stripSpace(source)
      : source;
  const parsed = read([...text], { dotAll: flags.includes("s"), insensitive });
  if (!parsed) return null;
  const program: Op[] = [];
  if (!emit(program, { kind: "group", part: parsed.node, index: 0 })) return null;
  program.push({ op: "match" });
  const groups = parsed.groups + 1;
  const multiline = flags.includes("m");
  const find = (chars: number[], from: number, pay: Pay) => simulate(program, chars, from, groups, multiline, pay);
  const chars = (t: string, pay: Pay) => {
    pay(t.length / 200);
    return [...t].map((c) => c.codePointAt(0)!);
  };
  /** Each find costs: a list of more of them than a list may hold is not made first and refused then. */
  const all = function* (t: number[], pay: Pay, each: number) {
    for (let at = 0; at <= t.length; ) {
      const slots = find(t, at, pay);
      if (!slots) return;
      pay(each);
      yield slots;
      at = slots[1]! > slots[0]! ? slots[1]! : slots[1]! + 1;
    }
  };
  const cut = (t: number[], from: number, to: number) => {
    let text = "";
    for (let at = from; at < to; at += 8000) text += String.fromCodePoint(...t.slice(at, Math.min(to, at + 8000)));
    return text;
  };
  return {
    test: (t, pay) => find(chars(t, pay), 0, pay) !== null,
    matches: (t, pay) => {
      const c = chars(t, pay);
      return [...all(c, pay, 0.5)].map((s) => cut(c, s[0]!, s[1]!));
    },
    split(t, pay) {
      const c = chars(t, pay);
      const parts: string[] = [];
      let from = 0;
      for (const s of all(c, pay, 0.5)) {
        if (s[1] === s[0]) continue;
        parts.push(cut(c, from, s[0]!));
        from = s[1]!;
      }
      return [...parts, cut(c, from, c.length)];
    },
    replace(t, by, pay) {
      if (find([], 0, pay)) return null; // a pattern that matches nothing at all
      const c = chars(t, pay);
      let out = "";
      let from = 0;
      for (const s of all(c, pay, 0.05)) {
        out += cut(c, from, s[0]!);
        out += by.replace(/\\(.)|\$(\d)/g, (_, escaped: string | undefined, digit: string | undefined) => {
          if (escaped !== undefined) return escaped;
          const n = Number(digit) * 2;
          if (s[n] === undefined || s[n]! < 0) return "";
          pay((s[n + 1]! - s[n]!) / 100);
          return cut(c, s[n]!, s[n + 1]!);
        });
        from = s[1]!;
        pay((by.length + s[1]! - s[0]!) / 100);
      }
      return out + cut(c, from, c.length);
    },
  };
}

function stripSpace(source: string): string {
  let out = "";
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === "\\") out += c + (source[++i] ?? "");
    else {
      if (c === "[") inClass = true;
      if (c === "]") inClass = false;
      if (inClass || !/\s/.test(c)) out += c;
    }
  }
  return out;
}

class Unreadable extends Error {}

function read(
  source: string[],
  options: { dotAll: boolean; insensitive: boolean },
): { node: Node; groups: number } | null {
  let at = 0;
  let groups = 0;
  let depth = 0;
  const code = (c: string) => c.codePointAt(0)!;
  const literal = (c: string): Test => {
    const [a, b] = options.insensitive ? [code(c.toLowerCase()), code(c.toUpperCase())] : [code(c), code(c)];
    return (x) => x === a || x === b;
  };
  const choice = (): Node => {
    if (++depth > 100) throw new Unreadable();
    const parts = [sequence()];
    while (source[at] === "|") {
      at++;
      parts.push(sequence());
    }
    depth--;
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  };
  const sequence = (): Node => {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") parts.push(repeat(atom()));
    return parts.length === 1 ? parts[0]! : parts.length ? { kind: "sequence", parts } : { kind: "empty" };
  };
  const repeat = (part: Node): Node => {
    for (;;) {
      const c = source[at];
      let min: number;
      let max: number;
      if (c === "*") [min, max] = [0, Number.POSITIVE_INFINITY];
      else if (c === "+") [min, max] = [1, Number.POSITIVE_INFINITY];
      else if (c === "?") [min, max] = [0, 1];
      else if (c === "{") {
        const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(source.slice(at, at + 12).join(""));
        if (!match) throw new Unreadable();
        min = Number(match[1]);
        max = match[2] === undefined ? min : match[3] ? Number(match[3]) : Number.POSITIVE_INFINITY;
        if (max < min) throw new Unreadable();
        at += match[0].length - 1;
      } else return part;
      at++;
      const greedy = source[at] !== "?";
      if (!greedy) at++;
      part = { kind: "repeat", part, min, max, greedy };
    }
  };
  const atom = (): Node => {
    const c = source[at++]!;
    if (c === "(") {
      const capture = !(source[at] === "?" && source[at + 1] === ":");
      if (!capture) at += 2;
      else if (source[at] === "?") throw new Unreadable();
      const index = capture ? ++groups : 0;
      const part = choice();
      if (source[at++] !== ")") throw new Unreadable();
      return capture ? { kind: "group", part, index } : part;
    }
    if (c === "[") return { kind: "char", test: charClass() };
    if (c === ".") return { kind: "char", test: options.dotAll ? () => true : (x) => x !== 10 && x !== 13 };
    if (c === "^") return { kind: "start" };
    if (c === "$") return { kind: "end" };
    if (c === "\\") return { kind: "char", test: escape() };
    if ("*+?{}]".includes(c)) throw new Unreadable();
    return { kind: "char", test: literal(c) };
  };
  const named: Record<string, RegExp> = {
    d: /\p{Nd}/u,
    w: /[^\p{P}\p{Z}\p{C}]/u,
    s: /[ \t\n\r]/,
    i: /[\p{L}_:]/u,
    c: /[\p{L}\p{N}._:-]/u,
  };
  const escape = (): Test => {
    const c = source[at++];
    if (c === undefined || /[1-9]/.test(c)) throw new Unreadable();
    const fixed = { n: 10, r: 13, t: 9 }[c];
    if (fixed !== undefined) return (x) => x === fixed;
    const lower = c.toLowerCase();
    if (lower === "p" && source[at] === "{") {
      const end = source.indexOf("}", at);
      const name = source.slice(at + 1, end).join("");
      at = end + 1;
      // The name is one of Unicode's fixed categories; what the user wrote never reaches a pattern of the machine's.
      if (end < 0 || !/^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/.test(name))
        throw new Unreadable();
      const category = new RegExp(`\\p{${name}}`, "u");
      return (x) => category.test(String.fromCodePoint(x)) === (c === "p");
    }
    const known = named[lower];
    if (known) return (x) => known.test(String.fromCodePoint(x)) === (c === lower);
    if (/[a-zA-Z0-9]/.test(c)) throw new Unreadable();
    return literal(c);
  };
  const charClass = (): Test => {
    const negated = source[at] === "^";
    if (negated) at++;
    const tests: Test[] = [];
    let minus: Test | null = null;
    let first = true;
    for (; at < source.length && (source[at] !== "]" || first); first = false) {
      if (source[at] === "-" && source[at + 1] === "[") {
        at += 2;
        minus = charClass();
        at--;
        break;
      }
      const c = source[at++]!;
      if (c === "\\") tests.push(escape());
      else if (c === "[") throw new Unreadable();
      else if (source[at] === "-" && source[at + 1] !== "]" && source[at + 1] !== "[" && source[at + 1] !== undefined) {
        at++;
        let high = source[at++]!;
        if (high === "\\") high = source[at++]!;
        const [low, top] = [code(c), code(high)];
        if (top < low) throw new Unreadable();
        tests.push(
          options.insensitive
            ? (x) =>
                [x, code(String.fromCodePoint(x).toLowerCase()), code(String.fromCodePoint(x).toUpperCase())].some(
                  (y) => y >= low && y <= top,
                )
            : (x) => x >= low && x <= top,
        );
      } else tests.push(literal(c));
    }
    if (source[at++] !== "]") throw new Unreadable();
    if (minus && source[at] === "]") at++;
    return (x) => tests.some((t) => t(x)) !== negated && !(minus?.(x) ?? false);
  };
  try {
    const node = choice();
    return at === source.length ? { node, groups } : null;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function emit(program: Op[], node: Node): boolean {
  if (program.length > mostOps) return false;
  switch (node.kind) {
    case "empty":
      return true;
    case "char":
      program.push({ op: "char", test: node.test });
      return true;
    case "start":
    case "end":
      program.push({ op: node.kind });
      return true;
    case "sequence":
      return node.parts.every((p) => emit(program, p));
    case "group":
      program.push({ op: "save", slot: node.index * 2 });
      if (!emit(program, node.part)) return false;
      program.push({ op: "save", slot: node.index * 2 + 1 });
      return true;
    case "choice": {
      const ends: { op: "jump"; to: number }[] = [];
      for (const [i, part] of node.parts.entries()) {
        const isLast = i === node.parts.length - 1;
        const split: Op = { op: "split", a: program.length + 1, b: 0 };
        if (!isLast) program.push(split);
        if (!emit(program, part)) return false;
        if (isLast) break;
        const end = { op: "jump" as const, to: 0 };
        program.push(end);
        ends.push(end);
        split.b = program.length;
      }
      for (const end of ends) end.to = program.length;
      return true;
    }
    case "repeat": {
      for (let i = 0; i < node.min; i++) if (!emit(program, node.part)) return false;
      if (node.max === Number.POSITIVE_INFINITY) {
        const at = program.length;
        const split: Op = { op: "split", a: 0, b: 0 };
        program.push(split);
        if (!emit(program, node.part)) return false;
        program.push({ op: "jump", to: at });
        [split.a, split.b] = node.greedy ? [at + 1, program.length] : [program.length, at + 1];
        return true;
      }
      const splits: { split: Extract<Op, { op: "split" }>; body: number }[] = [];
      for (let i = node.min; i < node.max; i++) {
        const split: Extract<Op, { op: "split" }> = { op: "split", a: 0, b: 0 };
        program.push(split);
        splits.push({ split, body: program.length });
        if (!emit(program, node.part)) return false;
      }
      for (const { split, body } of splits)
        [split.a, split.b] = node.greedy ? [body, program.length] : [program.length, body];
      return true;
    }
    default:
      return node satisfies never;
  }
}

/** All threads in step, in order of preference: the first that matches wins, lower ones are cut. */
function simulate(
  program: Op[],
  text: number[],
  from: number,
  groups: number,
  multiline: boolean,
  pay: Pay,
): number[] | null {
  type Thread = { pc: number; slots: number[] };
  let current: Thread[] = [];
  let found: number[] | null = null;
  let unpaid = 0;
  const isBreak = (c: number | undefined) => c === 10;
  const follow = (list: Thread[], seen: Set<number>, start: number, at: number, slots: number[]) => {
    const stack: Thread[] = [{ pc: start, slots }];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      if (seen.has(thread.pc)) continue;
      seen.add(thread.pc);
      const op = program[thread.pc]!;
      if (op.op === "jump") stack.push({ pc: op.to, slots: thread.slots });
      else if (op.op === "split") stack.push({ pc: op.b, slots: thread.slots }, { pc: op.a, slots: thread.slots });
      else if (op.op === "save") {
        const saved = thread.slots.slice();
        saved[op.slot] = at;
        stack.push({ pc: thread.pc + 1, slots: saved });
      } else if (op.op === "start") {
        if (at === 0 || (multiline && isBreak(text[at - 1]))) stack.push({ pc: thread.pc + 1, slots: thread.slots });
      } else if (op.op === "end") {
        if (at === text.length || (multiline && isBreak(text[at])))
          stack.push({ pc: thread.pc + 1, slots: thread.slots });
      } else list.push(thread);
    }
  };
  for (let at = from; at <= text.length; at++) {
    const seen = new Set<number>();
    const next: Thread[] = [];
    const here: Thread[] = [];
    for (const thread of current) follow(here, seen, thread.pc, at, thread.slots);
    if (!found) follow(here, seen, 0, at, new Array<number>(groups * 2).fill(-1));
    // A step of the language buys some fifty of these.
    unpaid += 1 + seen.size;
    if (unpaid > 500) {
      pay(unpaid / 50);
      unpaid = 0;
    }
    for (const thread of here) {
      const op = program[thread.pc]!;
      if (op.op === "match") {
        found = thread.slots;
        break;
      }
      if (op.op === "char" && at < text.length && op.test(text[at]!))
        next.push({ pc: thread.pc + 1, slots: thread.slots });
    }
    if (found && next.length === 0) return found;
    current = next;
  }
  return found;
}
