/** What browser walks do beside clicking: sign in, and ask the server for things to look at. */
import { type BrowserContext, expect } from "@playwright/test";

const people = {
  admin: { email: "ana@northwind.example", password: "northwind-demo" },
  rep: { email: "lan@northwind.example", password: "northwind-demo" },
  manager: { email: "mai@northwind.example", password: "northwind-demo" },
  ops: { email: "linh@northwind.example", password: "northwind-demo" },
  /** Of the empty workspace, as first-run.spec.ts sets it up. */
  owner: { email: "linh@acme.test", password: "correct horse battery" },
};
type Session = Awaited<ReturnType<BrowserContext["cookies"]>>;
/** Kept for a whole run: signing in is limited, and slow on purpose. */
const sessions = new Map<string, Session>();

/** The context's cookies are that person's session afterwards. */
export async function signIn(context: BrowserContext, url: string, who: keyof typeof people): Promise<void> {
  const known = sessions.get(`${url} ${who}`);
  if (known) return context.addCookies(known);
  const answer = await context.request.post(`${url}/api/auth/sign-in`, {
    headers: { origin: url },
    data: people[who],
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  sessions.set(
    `${url} ${who}`,
    (await context.cookies()).filter((cookie) => cookie.name.includes("millrace")),
  );
}

/** Calls a procedure as the person signed in. */
export async function post<T>(
  context: BrowserContext,
  name: string,
  input: unknown,
  kind: "query" | "mutation" = "mutation",
): Promise<T> {
  const [page] = context.pages();
  const open = page ?? (await context.newPage());
  if (open.url() === "about:blank") await open.goto("/settings/appearance");
  const said = await open.evaluate(
    async ({ path, body, get }) => {
      const sent = JSON.stringify({ json: body ?? null });
      const response = get
        ? await fetch(`/api/trpc/${path}?input=${encodeURIComponent(sent)}`)
        : await fetch(`/api/trpc/${path}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: sent,
          });
      return { ok: response.ok, text: await response.text() };
    },
    { path: name, body: input, get: kind === "query" },
  );
  expect(said.ok, `${name}: ${said.text}`).toBe(true);
  return (JSON.parse(said.text) as { result: { data: { json: T } } }).result.data.json;
}

/** Things of the demo, to open their pages; `running` is a record in a process, `idle` one in none. Asked once. */
export async function idsOfDemo(context: BrowserContext): Promise<Record<string, string>> {
  if (demoIds) return demoIds;
  const ask = <T>(name: string, input?: unknown) => post<T>(context, name, input, "query");
  const records = await ask<{ rows: { id: string }[] }>("records.list", { type: "opportunity" });
  const processes = await ask<{ id: string; key: string }[]>("processes.list");
  const queues = await ask<{ key: string }[]>("queues.list");
  const { batches } = await ask<{ batches: { id: string }[] }>("batches.list");
  const { runs } = await ask<{ runs: { recordId: string }[] }>("operate.runs", {
    filter: { process: "opportunity_to_close", status: ["active"] },
  });
  const contacts = await ask<{ rows: { id: string }[] }>("records.list", { type: "contact" });
  const tasks = await ask<{ rows: { id: string; kind: string }[] }>("inbox.list");
  const id = (key: string) => processes.find((one) => one.key === key)?.id;
  demoIds = {
    record: records.rows[0]?.id ?? "",
    process: id("opportunity_to_close") ?? processes[0]?.id ?? "",
    queue: queues[0]?.key ?? "",
    batch: batches[0]?.id ?? "",
    running: runs[0]?.recordId ?? "",
    idle: contacts.rows[0]?.id ?? "",
    decision: tasks.rows.find(({ kind }) => kind === "approval")?.id ?? "",
  };
  return demoIds;
}
let demoIds: Record<string, string> | null = null;

/** A process that goes round for ever, and runs of it that stand before the incident. Each file has its own, under its own name. */
export async function stuckProcess(context: BrowserContext, name: string): Promise<void> {
  const key = name.toLowerCase().replaceAll(/\W+/g, "_");
  const there = await post<{ key: string }[]>(context, "processes.list", undefined, "query");
  // A worker that starts anew after a failure finds what the first one made.
  if (there.some((one) => one.key === key)) return;
  const { processId } = await post<{ processId: string }>(context, "processes.create", {
    document: {
      key,
      name,
      recordType: "account",
      runPolicy: "many",
      roles: { am: { name: "Account manager" } },
      nodes: [
        { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
        {
          id: "ready",
          kind: "wait",
          name: "Until it has a currency",
          position: { x: 320, y: 0 },
          config: { for: "condition", condition: "account.currency != null" },
        },
        { id: "known", kind: "decision", name: "Parent known?", position: { x: 640, y: 0 } },
        { id: "done", kind: "end", name: "Done", position: { x: 960, y: 0 } },
      ],
      edges: [
        { id: "e1", from: "start", to: "ready" },
        { id: "e2", from: "ready", to: "known", port: "event" },
        { id: "e3", from: "known", to: "done", when: "account.parent_account_id != null", label: "Known" },
        { id: "e4", from: "known", to: "ready", otherwise: true, rework: true },
      ],
    },
  });
  await post(context, "processes.publish", { id: processId, note: "Goes round", revision: 1 });
  const { rows } = await post<{ rows: { id: string }[] }>(context, "records.list", { type: "account" }, "query");
  for (const { id } of rows.slice(0, 3)) await post(context, "runs.start", { process: key, recordId: id });
}
