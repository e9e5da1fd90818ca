import { rename, rm, writeFile } from "node:fs/promises";

/** Beside the file first, then in its place: a full disk leaves the old one as it was. Null, or why it could not be done. */
export async function writeNamedFile(file: string, text: string): Promise<string | null> {
  const part = `${file}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
    return null;
  } catch (error) {
    await rm(part, { force: true });
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return `${file} could not be written (${reason}). Nothing was changed.`;
  }
}
