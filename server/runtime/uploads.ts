/** Files people hand in, kept in the data folder under ids of ours until they are imported or a day is over. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { NewId } from "./ids.ts";

export type Upload = { id: string; workspaceId: string; fileName: string; size: number; at: number };
export type Uploads = {
  /** Takes the bytes as they come in; a file that is cut off leaves nothing. */
  save(about: { workspaceId: string; fileName: string; at: number }, from: Readable): Promise<Upload>;
  /** Null for an id that is not of this workspace, as for one that does not exist. */
  read(workspaceId: string, id: string): Promise<(Upload & { bytes: Uint8Array }) | null>;
  remove(id: string): Promise<void>;
  /** Names this data folder: a file that was kept here is not looked for elsewhere. */
  home(): Promise<string>;
};

const kept = 24 * 3_600_000;
/** Names of people's files are labels, never paths: only ids of this form reach the disk. */
const form = /^upl_[0-9a-z]{10,40}$/;

export function openUploads(folder: string, newId: NewId): Uploads {
  const home = path.join(folder, "uploads");
  const places = (id: string) => ({ bytes: path.join(home, id), about: path.join(home, `${id}.json`) });
  const remove = async (id: string) => {
    if (!form.test(id)) return;
    const { bytes, about } = places(id);
    await Promise.all([rm(about, { force: true }), rm(bytes, { force: true })]);
  };
  /** What nobody came back for goes, and what a stopped server left half written. */
  const sweep = async (now: number) => {
    for (const name of await readdir(home)) {
      if (!name.startsWith("upl_")) continue;
      const { mtimeMs } = await stat(path.join(home, name)).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs > kept) await rm(path.join(home, name), { force: true });
    }
  };
  let named: Promise<string> | null = null;
  const readHome = async () => {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const file = path.join(home, "home");
    // Two servers may begin on one folder at the same moment: the first name counts.
    await writeFile(file, newId("home"), { mode: 0o600, flag: "wx" }).catch(() => {});
    return readFile(file, "utf8");
  };
  return {
    home: () => (named ??= readHome()),
    async save({ workspaceId, fileName, at }, from) {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await sweep(at);
      const id = newId("upl");
      const { bytes, about } = places(id);
      const half = `${bytes}.half`;
      try {
        await pipeline(from, createWriteStream(half, { mode: 0o600 }));
      } catch (error) {
        await rm(half, { force: true });
        throw error;
      }
      const upload = { id, workspaceId, fileName, size: (await stat(half)).size, at };
      await rename(half, bytes);
      await writeFile(about, JSON.stringify(upload), { mode: 0o600 });
      return upload;
    },
    async read(workspaceId, id) {
      if (!form.test(id)) return null;
      const { bytes, about } = places(id);
      const text = await readFile(about, "utf8").catch(() => null);
      if (text === null) return null;
      const upload = JSON.parse(text) as Upload;
      if (upload.workspaceId !== workspaceId) return null;
      // Its import may just have ended and taken it away.
      const whole = await readFile(bytes).catch(() => null);
      return whole && { ...upload, bytes: whole };
    },
    remove,
  };
}
