/** The command line: finds the command, reads its arguments, prints what it answers. */
import { type Arguments, type Outcome, type Verb, refuse } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** Exit codes: 0 done, 1 refused, 2 not understood. */
export async function millrace(
  words: readonly string[],
  out: { say(text: string): void; complain(text: string): void },
): Promise<number> {
  const [name, rest] = commandOf(words);
  const help = words.includes("--help") || words.includes("-h") || words.length === 0;
  if (!name) {
    if (!help)
      return misunderstood(
        out,
        `There is no command “${words.filter((word) => !word.startsWith("-")).join(" ") || words.join(" ")}”. Run millrace --help for the list.`,
      );
    out.say(await overview());
    return 0;
  }
  const { verb } = await verbs[name]!();
  if (help) {
    out.say(`millrace ${verb.usage}\n\n${verb.about}`);
    return 0;
  }
  const given = argumentsOf(rest, verb);
  if (typeof given === "string") return misunderstood(out, `${given} Write: millrace ${verb.usage}`);
  return print(await answer(verb, given, out.complain), given.switches.has("json"), out);
}

const misunderstood = (out: { complain(text: string): void }, text: string) => {
  out.complain(text);
  return 2;
};

/** The longest command that the words begin with. */
function commandOf(words: readonly string[]): [name: string | null, rest: readonly string[]] {
  for (let length = Math.min(2, words.length); length > 0; length--) {
    const name = words.slice(0, length).join(" ");
    if (Object.hasOwn(verbs, name)) return [name, words.slice(length)];
  }
  return [null, words];
}

function argumentsOf(words: readonly string[], verb: Verb): Arguments | string {
  const files: string[] = [];
  const flags: Record<string, string> = {};
  const switches = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith("--")) {
      files.push(word);
      continue;
    }
    const [flag = "", inline] = word.slice(2).split(/=(.*)/s);
    if (verb.flags?.includes(flag)) {
      const value = inline ?? words[++i];
      if (value === undefined) return `--${flag} needs a value.`;
      flags[flag] = value;
    } else if (inline === undefined && (flag === "json" || verb.switches?.includes(flag))) switches.add(flag);
    else return `There is no --${flag} here.`;
  }
  if (files.length < verb.arguments.least) return "Something is missing.";
  if (files.length > verb.arguments.most) return `“${files[verb.arguments.most]}” is one too many.`;
  return { files, flags, switches };
}

/** What nobody foresaw is still one readable line, and still a failure. */
async function answer(verb: Verb, given: Arguments, tell: (line: string) => void): Promise<Outcome> {
  try {
    return await verb.run(given, tell);
  } catch (error) {
    return refuse(
      `millrace could not finish: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
  }
}

function print(
  outcome: Outcome,
  json: boolean,
  out: { say(text: string): void; complain(text: string): void },
): number {
  if (json && outcome.data !== undefined) out.say(JSON.stringify(outcome.data));
  else if (outcome.text) out.say(outcome.text);
  if (outcome.refused === undefined) return 0;
  out.complain(outcome.refused);
  return 1;
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(verbs).map((load) => load()));
  return [
    "millrace: draw, run and measure revenue processes from the command line.",
    "",
    ...all.flatMap(({ verb }) => [`  millrace ${verb.usage}`, `      ${verb.about}`, ""]),
    "  --json prints data; --help says more about a command.",
  ].join("\n");
}
