/** A full disk is boring (G18): before it is full, writes are refused with one sentence and reads go on. */
import { statfsSync, statSync } from "node:fs";
import path from "node:path";

const megabyte = 1024 * 1024;

/**
 * True when the disk of `file` has less free than is kept in reserve: `reserve` bytes, by default 200 MB or, on a disk so small
 * that this would be most of it, 5 %.
 */
export function isNearlyFull(file: string, reserve: number | null): boolean {
  if (file === ":memory:") return false;
  const { bavail, blocks, bsize } = statfsSync(path.dirname(file));
  return bavail * bsize < (reserve ?? Math.min(200 * megabyte, blocks * bsize * 0.05));
}

/** Bytes of a SQLite database with its log, and bytes free on its disk; null for one in memory. */
export function spaceOf(file: string): { bytes: number; free: number | null } {
  if (file === ":memory:") return { bytes: 0, free: null };
  const { bavail, bsize } = statfsSync(path.dirname(file));
  const sizes = [file, `${file}-wal`].map((one) => statSync(one, { throwIfNoEntry: false })?.size ?? 0);
  return { bytes: sizes.reduce((all, size) => all + size, 0), free: bavail * bsize };
}

/** What the database says when there was no room for a write after all: SQLite's code, or PostgreSQL's. */
export function isOutOfSpace(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return code === "SQLITE_FULL" || code === "53100";
}

/** Reads MILLRACE_RESERVE (megabytes); null when it is not set. Throws a sentence when it is no number. */
export function reserveOf(text: string | undefined): number | null {
  if (!text?.trim()) return null;
  const megabytes = Number(text);
  if (!Number.isFinite(megabytes) || megabytes < 0)
    throw new Error(`MILLRACE_RESERVE is "${text}". Give the megabytes of disk to keep free, such as 500.`);
  return megabytes * megabyte;
}
