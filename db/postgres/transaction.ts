/** Transactions: one that is open until it is told what becomes of it, and one that lasts as long as some work. */
import type pg from "pg";
import { asking, orAway, type Sql } from "./connections.ts";

export type Transaction = {
  tx: Sql;
  /** Resolves once it is committed. */
  commit(): Promise<void>;
  /** Whoever waits for what it holds may have that before the database has answered. */
  rollBack(): void;
};

export async function openTransaction(pool: pg.Pool): Promise<Transaction> {
  const client = await orAway(pool.connect());
  const ask = asking(client);
  // What follows goes out behind it; should it fail, everything else does.
  const begun = ask("begin");
  begun.catch(() => {});
  let open = true;
  let why: unknown;
  const end = async (how: "commit" | "rollback") => {
    if (!open) return;
    open = false;
    const done = Promise.all([begun, orAway(client.query(how))]);
    done.then(
      () => client.release(),
      () => client.release(true),
    );
    const [, { command }] = await done;
    // What has failed inside cannot be committed, and is taken back without an error.
    if (how === "commit" && command !== "COMMIT") throw new Error("a part of the transaction had failed");
  };
  return {
    tx: async (text, values) => {
      if (!open) throw new Error("the transaction has ended");
      try {
        return await ask(text, values);
      } catch (error) {
        // What was asked after it only hears that something had failed.
        throw (why ??= error);
      }
    },
    commit: () => end("commit"),
    rollBack: () => void end("rollback").catch(() => {}),
  };
}

/** All that `work` asks of it, or nothing if it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: Sql) => Promise<T>): Promise<T> {
  const { tx, commit, rollBack } = await openTransaction(pool);
  try {
    const value = await work(tx);
    await commit();
    return value;
  } catch (error) {
    rollBack();
    throw error;
  }
}

/** A server whose machine has vanished says nothing: what it holds is free again all the same. */
export const endWhenSilent = (tx: Sql): Promise<unknown> => tx("set local idle_in_transaction_session_timeout = '60s'");
