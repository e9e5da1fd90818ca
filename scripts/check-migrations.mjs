/** The migrations of both databases make the tables that the code names: generating another one must find nothing to do. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

const folder = mkdtempSync(path.join(root, "node_modules", ".migrations-"));
let broken = 0;
try {
  for (const dialect of ["sqlite", "postgres"]) {
    const out = path.join(folder, dialect);
    cpSync(path.join(root, "db/migrations", dialect), out, { recursive: true });
    const count = () => readdirSync(out).filter((name) => name.endsWith(".sql")).length;
    const before = count();
    const env = { ...process.env, DIALECT: dialect, MIGRATIONS_OUT: path.relative(root, out) };
    const made = spawnSync(process.execPath, [path.join(root, "node_modules/drizzle-kit/bin.cjs"), "generate"], {
      cwd: root,
      env,
      encoding: "utf8",
      input: "",
    });
    const fresh = made.status === 0 && before > 0 && count() === before;
    console.log(
      `${dialect}: ${before} ${before === 1 ? "migration" : "migrations"}, ${fresh ? "nothing missing" : "tables and migrations differ"}`,
    );
    if (fresh) continue;
    broken++;
    console.error(
      made.status === 0
        ? `db/tables.ts has changed. Make the next migration: DIALECT=${dialect} npx drizzle-kit generate --name <what>`
        : made.stderr || made.stdout,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(broken ? 1 : 0);
