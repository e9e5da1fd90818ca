/**
 * better-auth's storage on our store, for both databases. Two rules of our own live here, because every path passes: of a
 * session's token only the SHA-256 is kept, and no use moves a session's end beyond seven days after its sign-in.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { type CleanedWhere, createAdapterFactory } from "better-auth/adapters";
import {
  and,
  type Column,
  desc,
  asc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  lt,
  lte,
  ne,
  or,
  type SQL,
} from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import type { Tables } from "@/db/tables.ts";
import { type Trouble, troubleIn } from "@/db/trouble.ts";
import { fingerprint } from "@/server/runtime/ids.ts";

const tableOf = {
  user: "authUser",
  session: "authSession",
  account: "authAccount",
  verification: "authVerification",
} as const;
type Model = keyof typeof tableOf;
type AuthRow = Record<string, unknown> & { id: string };

/** Longest life of a session, whatever its use: 7 days in ms. */
export const longestSession = 7 * 24 * 60 * 60 * 1000;

const asking = new AsyncLocalStorage<{ trouble: Trouble | null }>();

/** better-auth keeps to itself what its store has thrown, or takes it for a row that is not there. Here it is thrown all the same. */
export async function orTrouble<T>(work: () => Promise<T>): Promise<T> {
  const heard: { trouble: Trouble | null } = { trouble: null };
  try {
    const value = await asking.run(heard, work);
    if (heard.trouble) throw heard.trouble;
    return value;
  } catch (error) {
    throw heard.trouble ?? error;
  }
}

/** Remembers what `orTrouble` is to throw. */
async function heard<T>(asked: PromiseLike<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const here = asking.getStore();
    if (here) here.trouble ??= troubleIn(error);
    throw error;
  }
}

export const authStore = (store: Store, newId: (kind: string) => string) =>
  createAdapterFactory({
    config: {
      adapterId: "millrace",
      supportsDates: false,
      supportsNumericIds: false,
      customIdGenerator: ({ model }) => newId(model === "user" ? "usr" : "auth"),
      customTransformInput: ({ data, fieldAttributes }) =>
        fieldAttributes.type === "date" && data !== null && data !== undefined
          ? new Date(data as string | number | Date).getTime()
          : data,
      customTransformOutput: ({ data, fieldAttributes }) =>
        fieldAttributes.type === "date" && typeof data === "number" ? new Date(data) : data,
    },
    adapter: () => {
      const find = async (
        model: string,
        where: CleanedWhere[] = [],
        page: {
          limit?: number;
          offset?: number;
          sortBy?: { field: string; direction: "asc" | "desc" } | undefined;
        } = {},
      ) => {
        const table = store.t[tableName(model)];
        const columns = columnsOf(table);
        const order = page.sortBy
          ? [(page.sortBy.direction === "desc" ? desc : asc)(column(columns, page.sortBy.field))]
          : [];
        const rows: unknown[] = await heard(
          store.read
            .select()
            .from(table)
            .where(condition(columns, model, where))
            .orderBy(...order)
            .limit(page.limit ?? 1000)
            .offset(page.offset ?? 0),
        );
        return rows.map(asAuthRow);
      };
      const put = (model: string, rows: AuthRow[]) =>
        heard(store.commit([{ workspaceId: "", guards: [], events: [], put: { [tableName(model)]: rows }, drop: {} }]));
      const drop = (model: string, rows: AuthRow[]) =>
        heard(
          store.commit([
            {
              workspaceId: "",
              guards: [],
              events: [],
              put: {},
              drop: { [tableName(model)]: rows.map((row) => [row.id]) },
            },
          ]),
        );
      const change = async (model: string, where: CleanedWhere[], update: Record<string, unknown>) => {
        const rows = (await find(model, where)).map((row) =>
          stored(model, { ...row, ...update, token: update["token"] ?? row["token"] }, update["token"] === undefined),
        );
        if (rows.length) await put(model, rows);
        return rows;
      };

      return {
        async create({ model, data }) {
          await put(model, [stored(model, asAuthRow(data), false)]);
          return data;
        },
        async findOne({ model, where }) {
          const [row] = await find(model, where, { limit: 1 });
          return row ? asModel(withAskedToken(model, where, row)) : null;
        },
        async findMany({ model, where, limit, offset, sortBy }) {
          const rows = await find(model, where, { limit, offset: offset ?? 0, sortBy });
          return rows.map((row) => asModel(row));
        },
        async update({ model, where, update }) {
          const [row] = await change(model, where, asFields(update));
          return row ? asModel(withAskedToken(model, where, row)) : null;
        },
        updateMany: async ({ model, where, update }) => (await change(model, where, update)).length,
        async delete({ model, where }) {
          await drop(model, await find(model, where));
        },
        async deleteMany({ model, where }) {
          const rows = await find(model, where);
          if (rows.length) await drop(model, rows);
          return rows.length;
        },
        count: async ({ model, where }) => (await find(model, where)).length,
      };
    },
  });

/** The row as it is kept. `hashed` says that its token already is. */
function stored(model: string, row: AuthRow, hashed: boolean): AuthRow {
  if (model !== "session") return row;
  const last = Number(row["createdAt"]) + longestSession;
  return {
    ...row,
    token: hashed ? row["token"] : fingerprint(String(row["token"])),
    expiresAt: Math.min(Number(row["expiresAt"]), last),
  };
}

/** better-auth asks for a session by its token and expects that token back. */
function withAskedToken(model: string, where: CleanedWhere[], row: AuthRow): AuthRow {
  const asked = model === "session" ? where.find((w) => w.field === "token" && typeof w.value === "string") : undefined;
  return asked ? { ...row, token: asked.value } : row;
}

function condition(columns: Record<string, Column>, model: string, where: CleanedWhere[]): SQL | undefined {
  const part = (w: CleanedWhere): SQL => {
    const left = column(columns, w.field);
    const plain = w.value instanceof Date ? w.value.getTime() : w.value;
    const hidden = model === "session" && w.field === "token";
    const value = hidden
      ? Array.isArray(plain)
        ? plain.map((v) => fingerprint(String(v)))
        : fingerprint(String(plain))
      : plain;
    if (w.operator === "in" && Array.isArray(value)) return inArray(left, value);
    if (w.operator === "eq") return eq(left, value);
    if (w.operator === "ne") return ne(left, value);
    if (w.operator === "lt") return lt(left, value);
    if (w.operator === "lte") return lte(left, value);
    if (w.operator === "gt") return gt(left, value);
    if (w.operator === "gte") return gte(left, value);
    throw new Error(`The sign-in asked its store for "${w.operator}", which it does not do.`);
  };
  const all = where.filter((w) => w.connector !== "OR").map(part);
  const any = where.filter((w) => w.connector === "OR").map(part);
  return and(...all, any.length ? or(...any) : undefined);
}

function tableName(model: string): (typeof tableOf)[Model] {
  if (Object.hasOwn(tableOf, model)) return tableOf[model as Model];
  throw new Error(`The sign-in has no table for "${model}".`);
}

function column(columns: Record<string, Column>, name: string): Column {
  const found = columns[name];
  if (!found) throw new Error(`The sign-in has no column "${name}".`);
  return found;
}

/** Reading tables whose names are only known at run time loses their types; these four are where that happens. */
const columnsOf = (table: Tables[(typeof tableOf)[Model]]) => getTableColumns(table) as Record<string, Column>;
const asAuthRow = (row: unknown) => row as AuthRow;
const asFields = (update: unknown) => update as Record<string, unknown>;
/** better-auth names the row's type by a parameter of its own; the columns are the ones it declares. */
const asModel = <T>(row: AuthRow) => row as T;
