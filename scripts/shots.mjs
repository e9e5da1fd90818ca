/**
 * Pictures of pages: `node scripts/shots.mjs /inbox /reports --as maya@… --theme dark --locale vi --size 1440x900 --out /tmp/shots`.
 *
 * Without `--url` it builds what changed and starts a server of its own on `--data` (default: a new, empty folder; `--demo`
 * seeds it). `--as email:password` signs in; on an empty server it sets one up first, as its owner. `--wait ms` and
 * `--click "text"` help with what opens late.
 */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { needBrowser } from "./browser.mjs";
import { build } from "./build.mjs";
import { setUp, signIn, startServer } from "./server.mjs";

const owner = {
  workspace: "Northwind",
  name: "Linh Tran",
  email: "owner@northwind.test",
  password: "a long enough password",
  zone: "Europe/Berlin",
  locale: "en",
};
const { values: asked, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string" },
    data: { type: "string" },
    demo: { type: "boolean", default: false },
    port: { type: "string", default: "4790" },
    as: { type: "string" },
    theme: { type: "string", default: "light" },
    locale: { type: "string", default: "en" },
    size: { type: "string", default: "1280x800" },
    out: { type: "string", default: "test-results/shots" },
    wait: { type: "string", default: "400" },
    click: { type: "string", multiple: true },
    full: { type: "boolean", default: false },
  },
});
const [width, height] = asked.size.split("x").map(Number);
const executablePath = needBrowser();
if (!executablePath) process.exit(1);
if (!asked.url) await build();
const server = asked.url
  ? null
  : await startServer({
      data: asked.data ?? mkdtempSync(path.join(tmpdir(), "millrace-shots-")),
      port: Number(asked.port),
      demo: asked.demo,
    });
const url = asked.url ?? server.url;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
});
try {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: asked.theme === "dark" ? "dark" : "light",
    locale: asked.locale === "vi" ? "vi-VN" : "en-GB",
    reducedMotion: "reduce",
    deviceScaleFactor: 1,
  });
  const cookie = await session();
  if (cookie)
    await context.addCookies(
      [cookie, { name: "locale", value: asked.locale }, { name: "theme", value: asked.theme }].map((one) => ({
        ...one,
        url,
      })),
    );
  mkdirSync(asked.out, { recursive: true });
  for (const place of paths.length ? paths : ["/"]) await shoot(context, place);
} finally {
  await browser.close();
  await server?.stop();
}

async function shoot(context, place) {
  const page = await context.newPage();
  page.on("console", (line) => line.type() === "error" && console.error(`${place}: ${line.text()}`));
  page.on("pageerror", (error) => console.error(`${place}: ${error.message}`));
  const answer = await page.goto(place, { waitUntil: "load" });
  for (const text of asked.click ?? []) await page.getByText(text, { exact: false }).first().click();
  await page.waitForTimeout(Number(asked.wait));
  const name = `${place.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "") || "home"}.${asked.locale}.${asked.theme}.${asked.size}.png`;
  await page.screenshot({ path: path.join(asked.out, name), fullPage: asked.full });
  console.log(`${answer?.status()} ${page.url()} → ${path.join(asked.out, name)}`);
  await page.close();
}

/** The cookie of who looks, or null for a stranger. */
async function session() {
  const state = await (await fetch(`${url}/api/auth/state`)).json();
  if (state.empty && asked.as !== "nobody") return parts(await setUp(url, owner));
  if (!asked.as || asked.as === "nobody") return null;
  const [email, ...password] = asked.as.split(":");
  return parts(await signIn(url, email, password.join(":")));
}

function parts(cookie) {
  const at = cookie.indexOf("=");
  return { name: cookie.slice(0, at), value: cookie.slice(at + 1) };
}
