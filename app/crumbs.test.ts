/** The trail's slot has a page for each section and takes nothing else: a catch-all over all would take sign-in and set-up while developing. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";

/** Sections that have pages, `/…` for those deeper in: `/records/[id]/then` is deep in `records`, `/records` is its top. */
const placesIn = (folder: string) =>
  new Set(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("page.tsx") && !file.startsWith("@"))
      .map((file) => {
        const [section = "", ...deeper] = file.split("/").slice(0, -1);
        return deeper.length ? `${section}/…` : section;
      }),
  );

it("there is a trail for every page of the shell, and for no other", () => {
  const pages = [...placesIn("app/(app)")].sort();
  expect(pages).toContain("records/…");
  expect([...placesIn("app/(app)/@crumbs")].sort()).toEqual(pages);
});
