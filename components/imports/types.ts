import type { Caller } from "@/server/api/router.ts";

export type Past = Awaited<ReturnType<Caller["imports"]["list"]>>[number];
export type Inspected = Awaited<ReturnType<Caller["imports"]["inspect"]>>;
export type Mapping = NonNullable<Inspected["mapping"]>;
export type TablePreview = Awaited<ReturnType<Caller["imports"]["preview"]>>;
export type LogPreview = Awaited<ReturnType<Caller["imports"]["previewLog"]>>;
export type ImportField = Awaited<ReturnType<Caller["imports"]["fields"]>>[number];
export type RecordTypes = Awaited<ReturnType<Caller["records"]["types"]>>;
export type ProcessChoice = { key: string; name: string; recordType: string };
export type Fix = { column: string; from: string; to: string };
/** A file that was handed in, and what it is. */
export type Handed = { upload: string; inspected: Inspected };
