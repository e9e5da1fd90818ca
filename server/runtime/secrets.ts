/** Keys made on the first start and kept beside the data, readable by this user only. Nobody has to set anything. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { newSecret } from "./ids.ts";

const secretsFile = z.looseObject({
  /** Signs session cookies. */
  session: z.string().min(32),
  /** Seals the secrets of connections. Folders of earlier releases get theirs when they are opened. */
  vault: z.string().min(32).optional(),
});
export type Secrets = Required<z.infer<typeof secretsFile>>;

/** Reads `secrets.json` of the data folder, or makes it. Throws one sentence when the file is damaged: a new one would lock everybody out. */
export function openSecrets(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, "secrets.json");
  if (!existsSync(file)) return write(file, { session: newSecret(), vault: newSecret() });
  const read = secretsFile.safeParse(parse(readFileSync(file, "utf8")));
  if (!read.success)
    throw new Error(`The keys in ${file} cannot be read. Nothing was changed; put the file back from a backup.`);
  chmodSync(file, 0o600);
  const { vault } = read.data;
  return vault ? { ...read.data, vault } : write(file, { ...read.data, vault: newSecret() });
}

function write(file: string, secrets: Secrets): Secrets {
  const half = `${file}.new`;
  writeFileSync(half, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(half, file);
  return secrets;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
