import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { type FileLimits } from "./limits.ts";
import { type Problem } from "./problem.ts";

/** A file as it comes in: whole, or in pieces (a request body, a read stream). */
export type FileBytes = Uint8Array | AsyncIterable<Uint8Array>;

/** Counts the bytes taken from the file itself, packed or not, so that a progress bar can stand against its size. */
export type Progress = { bytesRead: number };

/**
 * The plain bytes of a file, unpacked when it is gzip (told by its first two bytes, never by its name).
 * Ends with the problem that stopped it, if any: too large, packed too tightly (a bomb), damaged.
 */
export async function* unpack(
  source: FileBytes,
  limits: FileLimits,
  progress: Progress,
): AsyncGenerator<Uint8Array, Problem | undefined> {
  const counted = new CountedSource(source, limits, progress);
  const head = await counted.first(2);
  if (head[0] === 0x1f && head[1] === 0x8b) return yield* gunzip(counted, limits, progress);
  for await (const piece of counted.pieces()) yield piece;
  return counted.tooLarge;
}

async function* gunzip(
  source: CountedSource,
  limits: FileLimits,
  progress: Progress,
): AsyncGenerator<Uint8Array, Problem | undefined> {
  const unzip = createGunzip({ chunkSize: 64 * 1024 });
  pipeline(Readable.from(source.pieces()), unzip, () => {});
  let out = 0;
  try {
    for await (const piece of unzip as AsyncIterable<Uint8Array>) {
      out += piece.length;
      if (out > limits.unpackedBytes) return unpackedTooLarge(limits);
      // The first megabyte is let through: a small file may well pack better than the limit.
      if (out > 1_000_000 && out > progress.bytesRead * limits.unpackRatio) return packedTooTightly(limits);
      yield piece;
    }
  } catch (error) {
    if (source.tooLarge) return source.tooLarge;
    if (isZlibError(error)) return damagedArchive;
    throw error;
  }
  return source.tooLarge;
}

/** Reads the source once, counting, and stops at the size limit. */
class CountedSource {
  tooLarge: Problem | undefined;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private held: Uint8Array[] = [];

  constructor(
    source: FileBytes,
    private readonly limits: FileLimits,
    private readonly progress: Progress,
  ) {
    this.iterator = (source instanceof Uint8Array ? slices(source) : source)[Symbol.asyncIterator]();
  }

  async first(length: number): Promise<Uint8Array> {
    let size = 0;
    while (size < length) {
      const { value, done } = await this.iterator.next();
      if (done) break;
      this.held.push(value);
      size += value.length;
    }
    const joined = Buffer.concat(this.held);
    this.held = joined.length > 0 ? [joined] : [];
    return joined;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    try {
      while (true) {
        const held = this.held.shift();
        const { value, done } = held ? { value: held, done: false } : await this.iterator.next();
        if (done) return;
        this.progress.bytesRead += value.length;
        if (this.progress.bytesRead > this.limits.packedBytes) {
          this.tooLarge = fileTooLarge(this.limits);
          return;
        }
        yield value;
      }
    } finally {
      await this.iterator.return?.();
    }
  }
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 64 * 1024;
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    // A file in memory is read in one go otherwise, and nobody else is answered meanwhile.
    await new Promise<void>((turn) => setImmediate(turn));
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

const fileTooLarge = (limits: FileLimits): Problem => ({
  code: "file_too_large",
  text: `The file is larger than ${megabytes(limits.packedBytes)}. Nothing was imported; split it into smaller files.`,
});

const unpackedTooLarge = (limits: FileLimits): Problem => ({
  code: "unpacked_too_large",
  text: `Unpacked, the file is larger than ${megabytes(limits.unpackedBytes)}. Nothing was imported; split it into smaller files.`,
});

const packedTooTightly = (limits: FileLimits): Problem => ({
  code: "packed_too_tightly",
  text: `The file unpacks to more than ${limits.unpackRatio} times its size, which no table or log does. Nothing was imported; hand it in unpacked if it is genuine.`,
});

const damagedArchive: Problem = {
  code: "damaged_archive",
  text: "The compressed file is damaged or cut off. Nothing was imported; pack or download it again.",
};

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
