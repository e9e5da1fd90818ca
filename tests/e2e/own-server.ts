/** Walks that change too much for a shared server: one of their own, set up, with its owner signed in. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, type Page, test as base } from "@playwright/test";
import { setUp, startServer } from "../../scripts/server.mjs";

export const owner = {
  workspace: "Acme",
  name: "Linh Trần",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Asia/Ho_Chi_Minh",
  locale: "en",
};

export const freePort = () =>
  new Promise<number>((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });

/** A `name=value` of the server, as the browser wants it. */
export function cookieOf(line: string, url: string): { name: string; value: string; url: string } {
  const at = line.indexOf("=");
  return { name: line.slice(0, at), value: line.slice(at + 1), url };
}

/** `own`: the server's address, and a page of its owner. */
export const test = base.extend<{ own: { url: string; context: BrowserContext; page: Page } }>({
  own: async ({ browser }, give) => {
    const data = mkdtempSync(path.join(tmpdir(), "millrace-own-"));
    // Other sides of the walks listen on this machine.
    const server = await startServer({ data, port: await freePort(), env: { MILLRACE_CALL_LOOPBACK: "1" } });
    try {
      const cookie = await setUp(server.url, owner);
      const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
      await context.addCookies([cookieOf(cookie, server.url)]);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await give({ url: server.url, context, page });
      await context.close();
    } finally {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    }
  },
});
