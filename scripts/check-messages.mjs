/** Every wording exists in both languages, with the same placeholders. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

const [en, vi] = ["en", "vi"].map((locale) =>
  flat(JSON.parse(readFileSync(path.join(root, "messages", `${locale}.json`), "utf8"))),
);
const broken = [];
for (const [key, text] of en) {
  if (!vi.has(key)) broken.push(`messages/vi.json has no "${key}".`);
  else if (placeholders(text) !== placeholders(vi.get(key)))
    broken.push(
      `"${key}" has other placeholders in vi (${placeholders(vi.get(key))}) than in en (${placeholders(text)}).`,
    );
}
for (const key of vi.keys()) if (!en.has(key)) broken.push(`messages/en.json has no "${key}".`);
for (const [locale, messages] of [
  ["en", en],
  ["vi", vi],
])
  for (const [key, text] of messages) if (text.trim() === "") broken.push(`"${key}" is empty in ${locale}.`);
if (en.size === 0) broken.push("messages/en.json has no wording: the check looks in the wrong place.");

for (const line of broken) console.error(line);
console.log(`${en.size} wordings in two languages, ${broken.length} problems`);
process.exit(broken.length ? 1 : 0);

function flat(tree, prefix = "", into = new Map()) {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") into.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`, into);
  }
  return into;
}

/** Names of the arguments, sorted: `{count, plural, …}` and `{name}` and `<b>`. */
function placeholders(text) {
  const names = [...text.matchAll(/\{\s*([A-Za-z_]\w*)\s*[,}]/g)].map((match) => match[1]);
  const tags = [...text.matchAll(/<([a-z]\w*)>/g)].map((match) => `<${match[1]}>`);
  return [...new Set([...names, ...tags])].sort().join(" ");
}
