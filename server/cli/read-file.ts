import { readFile, stat } from "node:fs/promises";

/** The bytes of a file a person named, or why there are none. */
export async function readNamedFile(
  file: string,
  largest: number,
): Promise<{ ok: true; bytes: Uint8Array } | { ok: false; text: string }> {
  try {
    const { size } = await stat(file);
    if (size > largest)
      return { ok: false, text: `${file} is larger than ${Math.round(largest / 1_000_000)} MB. Nothing was read.` };
    return { ok: true, bytes: await readFile(file) };
  } catch (error) {
    return { ok: false, text: `${file} ${reasonOf(error)}` };
  }
}

/** What a JSON file a person named holds, or why it cannot be read. */
export async function readNamedJson(
  file: string,
  largest: number,
): Promise<{ ok: true; json: unknown } | { ok: false; text: string }> {
  const read = await readNamedFile(file, largest);
  if (!read.ok) return read;
  try {
    return { ok: true, json: JSON.parse(new TextDecoder().decode(read.bytes)) as unknown };
  } catch {
    return { ok: false, text: `${file} is not JSON. Nothing was evaluated.` };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "does not exist. Nothing was read.";
  if (code === "EISDIR") return "is a folder, not a file. Nothing was read.";
  if (code === "EACCES" || code === "EPERM") return "may not be read by you. Nothing was read.";
  return `cannot be read (${typeof code === "string" ? code : "unknown reason"}). Nothing was read.`;
}
