import { expect, test } from "@playwright/test";

const owner = {
  workspace: "Acme",
  name: "Linh Tran",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Europe/Berlin",
  locale: "en",
};

test("an empty server is set up once, from its own page, and knows its owner afterwards", async ({ page }) => {
  const complaints: string[] = [];
  page.on("console", (line) => {
    if (line.type() === "error" && /Content Security Policy|hydrat/i.test(line.text())) complaints.push(line.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const answer = await page.goto("/");
  expect(answer?.ok()).toBe(true);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);

  const post = (path: string, body: unknown) =>
    page.evaluate(
      async ([to, sent]) => {
        const response = await fetch(String(to), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(sent),
        });
        return response.status;
      },
      [path, body] as const,
    );
  const me = () => page.evaluate(async () => (await fetch("/api/trpc/me.read")).status);

  expect(await me()).toBe(401);
  expect(await post("/api/auth/set-up", owner)).toBe(200);
  expect(await me()).toBe(200);
  expect(await post("/api/auth/set-up", { ...owner, email: "late@acme.test" })).toBe(403);
  expect(await page.evaluate(() => document.cookie)).toBe("");
  expect(await post("/api/auth/sign-out", {})).toBe(200);
  expect(await me()).toBe(401);
  expect(await post("/api/auth/sign-in", { email: owner.email, password: "wrong" })).toBe(401);
  expect(await post("/api/auth/sign-in", { email: owner.email, password: owner.password })).toBe(200);
  expect(await me()).toBe(200);
  expect(complaints).toEqual([]);
});
