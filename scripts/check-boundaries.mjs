/** Reads every source file and holds it against scripts/boundaries.mjs. Ends with 1 when a rule is broken, or when it read nothing. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { arrows, bans, longest, pure } from "./boundaries.mjs";
import { root } from "./root.mjs";

const folders = ["app", "bench", "components", "db", "i18n", "server", "tests"];
const files = folders.filter((folder) => existsSync(path.join(root, folder))).flatMap(filesIn);
const broken = files.flatMap(problemsOf);

for (const line of broken) console.error(line);
if (files.length === 0) console.error("No file was read: the check looks in the wrong place.");
console.log(`${files.length} files, ${broken.length} broken rules`);
process.exit(files.length === 0 || broken.length > 0 ? 1 : 0);

function filesIn(folder) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && statSync(path.join(root, name)).isFile())
    .sort();
}

function problemsOf(file) {
  const text = readFileSync(path.join(root, file), "utf8");
  const lines = text.split("\n");
  const problems = [];
  if (lines.length > longest && !file.endsWith(".test.ts"))
    problems.push(
      `${file}: ${lines.length} lines; past ${longest} there is a second idea in it. Give it a file of its own.`,
    );
  lines.forEach((line, index) => {
    if (/^\s*(\*|\/\/|\/\*)/.test(line)) return;
    for (const ban of bans)
      if (ban.pattern.test(line) && !ban.except.some((place) => under(file, place)))
        problems.push(`${file}:${index + 1}: ${ban.why}`);
  });
  if (/\.test\.tsx?$/.test(file)) return problems;
  for (const used of importsOf(text)) {
    const why = refusal(file, used);
    if (why) problems.push(`${file}: imports ${used.from}${used.type ? " (type)" : ""}: ${why}`);
  }
  return problems;
}

/** Every `import … from`, `export … from` and `import("…")`, and whether only types are taken. */
function importsOf(text) {
  const found = [];
  for (const match of text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\s)?([^;"'`]*?\sfrom\s+)?["']([^"'\n]+)["']/g)) {
    const names = match[3]
      ?.match(/^\{([^}]*)\}/)?.[1]
      ?.split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    const type =
      Boolean(match[2]) || (names !== undefined && names.length > 0 && names.every((name) => name.startsWith("type ")));
    if (match[1] === "import" || match[3]) found.push({ from: match[4], type });
  }
  for (const match of text.matchAll(/\bimport\(\s*["']([^"'\n]+)["']\s*\)/g))
    found.push({ from: match[1], type: /[:<|&(]\s*$/.test(text.slice(0, match.index)) });
  return found;
}

function refusal(file, { from, type }) {
  const target = from.startsWith("@/")
    ? from.slice(2)
    : from.startsWith(".")
      ? path.posix.join(path.posix.dirname(file), from)
      : null;
  if (target === null) {
    if (!pure.folders.some((folder) => under(file, folder)) || type) return null;
    const name = from.startsWith("@") ? from.split("/").slice(0, 2).join("/") : from.split("/")[0];
    return pure.packages.includes(name) ? null : pure.why;
  }
  const rule = arrows.find((arrow) => arrow.from.some((folder) => under(file, folder)));
  if (!rule) return null;
  const allowed = type ? rule.types : rule.may;
  return allowed === undefined || allowed.some((folder) => under(target, folder)) ? null : rule.why;
}

function under(file, place) {
  return file === place || file.startsWith(`${place}/`);
}
