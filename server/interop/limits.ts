/** Caps for files people hand in. Sizes in bytes, cell size in characters. */
export type FileLimits = {
  packedBytes: number;
  unpackedBytes: number;
  unpackRatio: number;
  rows: number;
  columns: number;
  cellCharacters: number;
};

export const fileLimits: FileLimits = {
  packedBytes: 50_000_000,
  unpackedBytes: 200_000_000,
  unpackRatio: 100,
  rows: 1_000_000,
  columns: 1_000,
  cellCharacters: 64 * 1024,
};

/** Caps for XML: how deep, how many attributes on one element, how long a name, how long one piece of mark-up or text. */
export const xmlLimits = { depth: 128, attributes: 64, name: 256, pieceCharacters: 1_000_000 };
