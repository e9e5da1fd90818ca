/** Makes the pictures of the README from the demo: `npm run pictures`. They show what the built product shows, nothing is drawn by hand. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { needBrowser } from "./browser.mjs";
import { build } from "./build.mjs";
import { root } from "./root.mjs";
import { signIn, startServer } from "./server.mjs";

const password = "northwind-demo";
const folder = path.join(root, "docs/pictures");
/** `{process}` is the process of deals. */
const pictures = [
  { name: "inbox", as: "lan", place: "/inbox" },
  { name: "editor", as: "linh", place: "/processes/{process}/edit" },
  { name: "reports", as: "mai", place: "/reports/{process}" },
  { name: "map-dark-vi", as: "mai", place: "/reports/{process}?tab=map", theme: "dark", locale: "vi" },
];

const executablePath = needBrowser();
if (!executablePath) process.exit(1);
await build();
const data = mkdtempSync(path.join(tmpdir(), "millrace-pictures-"));
const server = await startServer({ data, port: 4791, demo: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
try {
  mkdirSync(folder, { recursive: true });
  for (const { name, as, place, theme = "light", locale = "en" } of pictures) {
    const cookie = await signIn(server.url, `${as}@northwind.example`, password);
    const at = cookie.indexOf("=");
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: { width: 1440, height: 900 },
      colorScheme: theme,
      reducedMotion: "reduce",
    });
    const set = (key, value) => ({ name: key, value, url: server.url });
    await context.addCookies([
      set(cookie.slice(0, at), cookie.slice(at + 1)),
      set("locale", locale),
      set("theme", theme),
    ]);
    const page = await context.newPage();
    await page.goto(place.replace("{process}", await dealProcess(cookie)), { waitUntil: "load" });
    await page.waitForTimeout(2_000);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    console.log(`docs/pictures/${name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}

async function dealProcess(cookie) {
  const answer = await fetch(`${server.url}/api/trpc/processes.list`, { headers: { cookie } });
  const { result } = await answer.json();
  const list = result.data.json ?? result.data;
  return list.find(({ key }) => key === "opportunity_to_close").id;
}
