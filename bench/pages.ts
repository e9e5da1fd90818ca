/**
 * The shipped server on the demo's year, over HTTP: how long the demo takes to make, how long a second start, what a page and its
 * first numbers cost the server, and how much JavaScript a page loads before it can be used.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { signIn, startServer } from "../scripts/server.mjs";
import { loadedScripts } from "../tests/support/loaded-scripts.ts";
import { type Figure, median } from "./figure.ts";

const password = "northwind-demo";
const port = 4792;

export async function pages(): Promise<Figure[]> {
  const data = mkdtempSync(path.join(tmpdir(), "millrace-bench-pages-"));
  try {
    const [server, seeding] = await timed(() => startServer({ data, port, demo: true }));
    await server.stop();
    const [again, starting] = await timed(() => startServer({ data, port, demo: true }));
    try {
      return [
        atMost("making the demo: a year of deals through the engine, and the start", seeding / 1000, "s", 30),
        atMost("a second start", starting / 1000, "s", 5),
        ...(await servedPages(again.url)),
        ...(await weights(again.url)),
      ];
    } finally {
      await again.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** The report comes first: what is asked for the first time after a start counts. */
async function servedPages(url: string): Promise<Figure[]> {
  const [manager, rep] = [await cookieOf(url, "mai"), await cookieOf(url, "lan")];
  const [first] = await query<{ id: string; key: string }[]>(url, manager, "reports.processes");
  if (!first) throw new Error("The demo has no process with a report.");
  const now = Date.now();
  const [, numbers] = await timed(() =>
    query(url, manager, "reports.bottlenecks", {
      process: first.key,
      from: now - 365 * 86_400_000,
      to: now,
    }),
  );
  return [
    atMost("first numbers of the report over the demo's year, just started", numbers, "ms", 1000),
    atMost("the inbox page", await pageTime(`${url}/inbox`, rep), "ms", 150),
    atMost("the report page over 90 days", await pageTime(`${url}/reports/${first.id}`, manager), "ms", 150),
    atMost("the report page over a year", await pageTime(`${url}/reports/${first.id}?days=365`, manager), "ms", 150),
  ];
}

/** Budgets in kB, gzipped. tests/e2e/weight.spec.ts holds them, too. */
async function weights(url: string): Promise<Figure[]> {
  const ops = await cookieOf(url, "linh");
  const [process] = await query<{ id: string }[]>(url, ops, "processes.list");
  const size = (route: string) => loadedScripts(url, route, ops);
  return [
    atMost("JavaScript of the inbox, gzipped", await size("/inbox"), "kB", 180),
    atMost("JavaScript of the reports, gzipped", await size(`/reports/${process?.id}`), "kB", 260),
    atMost("JavaScript of the editor, gzipped", await size(`/processes/${process?.id}/edit`), "kB", 350),
  ];
}

const atMost = (name: string, value: number, unit: string, most: number): Figure => ({
  name,
  value,
  unit,
  reference: { name: "budget", value: most },
  ratio: value / most,
  goal: `≤ ${most} ${unit}`,
  ok: value <= most,
});

/** Median ms of twenty, after five that warm up. */
async function pageTime(address: string, cookie: string): Promise<number> {
  for (let i = 0; i < 5; i++) await text(address, cookie);
  const took: number[] = [];
  for (let i = 0; i < 20; i++) took.push((await timed(() => text(address, cookie)))[1]);
  return median(took);
}

const cookieOf = (url: string, name: string) => signIn(url, `${name}@northwind.example`, password);

async function text(address: string, cookie: string): Promise<string> {
  const answer = await fetch(address, { headers: { cookie }, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}.`);
  return answer.text();
}

async function query<T>(url: string, cookie: string, procedure: string, input?: unknown): Promise<T> {
  const asked = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
  const body = JSON.parse(await text(`${url}/api/trpc/${procedure}${asked}`, cookie)) as {
    result: { data: { json: T } };
  };
  return body.result.data.json;
}

async function timed<T>(act: () => Promise<T>): Promise<[value: T, ms: number]> {
  const start = performance.now();
  const value = await act();
  return [value, performance.now() - start];
}
