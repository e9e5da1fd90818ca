import { chromium } from "@playwright/test";
import { needBrowser } from "./scripts/browser.mjs";
import { readFileSync, writeFileSync, existsSync } from "node:fs";
const url = "http://127.0.0.1:4751";
const out = "/tmp/shots-imports";
const browser = await chromium.launch({
  executablePath: needBrowser(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({ baseURL: url });
const answer = await context.request.post(`${url}/api/auth/sign-in`, {
  headers: { origin: url },
  data: { email: process.env.WHO ?? "ana@northwind.example", password: "northwind-demo" },
});
if (!answer.ok()) throw new Error(await answer.text());
const page = await context.newPage();
await page.goto("/settings/appearance");
export const call = async (name, input, get) => {
  const said = await page.evaluate(
    async ({ path, body, get }) => {
      const sent = JSON.stringify({ json: body ?? null });
      const r = get
        ? await fetch(`/api/trpc/${path}?input=${encodeURIComponent(sent)}`)
        : await fetch(`/api/trpc/${path}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: sent,
          });
      return { ok: r.ok, text: await r.text() };
    },
    { path: name, body: input, get },
  );
  if (!said.ok) {
    console.log("REFUSED", name, said.text.slice(0, 400));
    return null;
  }
  return JSON.parse(said.text).result.data.json;
};
const cookies = await context.cookies();
const looks = {
  dw: ["dark", "en", 1280, 800],
  dp: ["dark", "vi", 390, 844],
  lw: ["light", "vi", 1280, 800],
  lp: ["light", "en", 390, 844],
};
export async function shot(name, path, which = ["dw", "dp"], act = async () => {}, full = true) {
  for (const w of which) {
    const [theme, locale, width, height] = looks[w];
    const c = await browser.newContext({
      baseURL: url,
      viewport: { width, height },
      colorScheme: theme === "dark" ? "dark" : "light",
    });
    await c.addCookies([...cookies, { name: "theme", value: theme, url }, { name: "locale", value: locale, url }]);
    const p = await c.newPage();
    p.setDefaultTimeout(8000);
    try {
      await p.goto(path);
      await p.waitForTimeout(500);
      await act(p, locale);
      await p.waitForTimeout(400);
      if (full)
        await p.evaluate(() => {
          const m = document.querySelector("main");
          if (m) {
            const g = m.parentElement;
            g.style.height = "auto";
            g.style.minHeight = "100dvh";
            m.style.overflow = "visible";
          }
        });
      await p.screenshot({ path: `${out}/${name}-${w}.png`, fullPage: full });
      const wide = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) console.log(`${name}-${w}: ${wide} px too wide`);
    } catch (e) {
      console.log(`${name}-${w}: ${String(e).slice(0, 300)}`);
      await p.screenshot({ path: `${out}/${name}-${w}-fail.png` });
    }
    await c.close();
  }
}
await (await import(process.argv[2])).default({ call, shot, page, context, browser });
await browser.close();
