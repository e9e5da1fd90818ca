import type { CustomField } from "@/server/records/custom-fields.ts";
import type { Plain, Values } from "@/server/engine/model.ts";
import { type Problem } from "../problem.ts";
import { type Transform } from "./transform.ts";

/** How the columns of a table become the fields of one record type. Plain data: saved, shared and reused as a preset. */
export type Mapping = {
  key: string;
  recordType: string;
  /** The system the table comes from; ids in `external_id` are its. */
  source: string;
  /** The field that tells whether a record is already there; `external_id` is its id in the source. */
  keyField?: string;
  columns: ColumnMapping[];
  /** Fields put together from several columns; empty cells are left out. */
  compose?: { field: string; columns: string[]; join: string }[];
  /** What a new record gets where the table says nothing, written as in a cell. */
  defaults?: Record<string, string>;
  /** Required fields this source does not have; with `unless`, rows whose other field has one of the values must. */
  mayBeMissing?: { field: string; unless?: { field: string; values: string[] } }[];
  /** Fields of the workspace's own that the mapping fills and that have to exist. */
  customFields?: NewField[];
};

export type ColumnMapping = {
  column: string;
  field: string;
  transform?: Transform;
  /** What a cell is read as instead: "Won" → "closed_won". Compared as written, then without case and accents. */
  values?: Record<string, string>;
  lookup?: Lookup;
};

/** A cell that names another record. `create`: one that is missing is made; `sameFile`: it may be a later row of this table. */
export type Lookup = { type: string; by: string; create?: boolean; sameFile?: boolean };

export type NewField = Omit<CustomField, "recordType">;

/** What a mapping has to know of a field; the record model's fields fit. */
export type FieldInfo = {
  key: string;
  type: string;
  label: { en: string; vi: string };
  required?: boolean;
  /** A new record gets a value even when none is given. */
  hasDefault?: boolean;
  derived?: boolean;
  to?: string;
  /** Keys of the picklist. */
  values?: readonly string[];
};

export type ParsedCell = { ok: true; value: Plain; beside?: Values } | { ok: false; text: string };

/** Reads a cell as a field's value; `record` holds what was read of the row so far (its currency and country first). */
export type ParseCell = (field: FieldInfo, text: string, record: Values) => ParsedCell;

/** The records that are already there, by what they can be named by. */
export type Lookups = {
  /** Ids of records so named: none, one, or more than one. */
  find(type: string, by: string, text: string): readonly string[];
  /** All such names, to suggest from. */
  names(type: string, by: string): readonly string[];
};

/** A reference that can only be set when other rows are in: by name, made if missing where `create` says so. */
export type Link = { field: string; type: string; by: string; text: string; create: boolean };

export type RowResult =
  | { outcome: "new"; row: number; key?: string; values: Values; links: Link[] }
  | { outcome: "update"; row: number; key: string; id: string; values: Values; links: Link[] }
  | { outcome: "error"; row: number; key?: string; problems: Problem[] };

/** The pseudo-field that holds a record's id in the system it came from. */
export const externalId = "external_id";
