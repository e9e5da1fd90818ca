/** Pages that are looked at again and again in one window: what a page loads is read from the browser's own store the second time. */
import { type BrowserContext, type Page, test as base } from "@playwright/test";
import english from "../../messages/en.json" with { type: "json" };
import vietnamese from "../../messages/vi.json" with { type: "json" };
import { createTranslator } from "use-intl/core";
import { signIn } from "./act.ts";

export type Look = { locale: "en" | "vi"; theme: "light" | "dark" };
/** With TEST_LONG every combination. */
export const looks: readonly Look[] = process.env["TEST_LONG"]
  ? (["en", "vi"] as const).flatMap((locale) => (["light", "dark"] as const).map((theme) => ({ locale, theme })))
  : [
      { locale: "en", theme: "light" },
      { locale: "vi", theme: "dark" },
    ];

export const wide = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
type Who = Parameters<typeof signIn>[2];
type Window = { context: BrowserContext; page: Page; complaints: string[] };

/** `windowOf`: a person's window, with the look in place before the next picture. It stays open for the tests after this one. */
export const test = base.extend<object, { windowOf: (who: Who, look: Look) => Promise<Window> }>({
  windowOf: [
    async ({ browser }, give, { project }) => {
      const url = String(project.use.baseURL);
      const open = new Map<Who, Window>();
      await give(async (who, { locale, theme }) => {
        const window = open.get(who) ?? (await openWindow(who));
        open.set(who, window);
        await window.context.addCookies([
          { name: "locale", value: locale, url },
          { name: "theme", value: theme, url },
        ]);
        await window.page.setViewportSize(wide);
        window.complaints.length = 0;
        return window;
      });
      for (const { context } of open.values()) await context.close();

      async function openWindow(who: Who): Promise<Window> {
        const context = await browser.newContext({ baseURL: url, viewport: wide });
        await signIn(context, url, who);
        const page = await context.newPage();
        return { context, page, complaints: listen(page) };
      }
    },
    { scope: "worker" },
  ],
});

/** Errors of the page: a wording that is missing, a picture that differs between server and browser, a script that threw. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" && !/Failed to load resource/.test(line.text())) complaints.push(line.text());
  });
  return complaints;
}

/** What a button is called in a language, by the key of its wording; a name in it may be any, and so may a number. */
export function wordsOf({ locale }: Look, key: string): RegExp {
  const say = createTranslator({ locale, messages: { en: english, vi: vietnamese }[locale] });
  const said = say(key as "common.close", { name: "§", version: 7, n: 7 });
  return new RegExp(
    `^${said
      .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replaceAll("§", ".+")
      .replaceAll("7", "[\\d.,]+")}$`,
  );
}
