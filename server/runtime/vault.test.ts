import { expect, it } from "vitest";
import { openVault } from "./vault.ts";

const vault = openVault("a key of the house");
const bound = { workspaceId: "ws_1", connectionId: "con_1", host: "api.example.com" };

it("opens a secret only for what it was saved for", () => {
  const sealed = vault.seal("whsec_secret", bound);
  expect(vault.open(sealed, bound)).toBe("whsec_secret");
  expect(sealed).not.toContain("secret");
  for (const other of [{ workspaceId: "ws_2" }, { connectionId: "con_2" }, { host: "evil.example.com" }])
    expect(vault.open(sealed, { ...bound, ...other })).toBeNull();
  expect(openVault("another key").open(sealed, bound)).toBeNull();
});

it("opens nothing that was changed, cut or made up", () => {
  const sealed = vault.seal("secret", bound);
  const parts = sealed.split(".");
  const flipped = parts
    .map((part, i) => (i === 3 ? part.replace(/^./, (c) => (c === "A" ? "B" : "A")) : part))
    .join(".");
  const short = [...parts.slice(0, 2), parts[2]!.slice(0, 4), parts[3]].join(".");
  for (const broken of [flipped, short, sealed.slice(0, -2), parts.slice(0, 3).join("."), "", "v1...", "v2.a.b.c"])
    expect(vault.open(broken, bound)).toBeNull();
});

it("never seals the same text alike", () => {
  expect(vault.seal("x", bound)).not.toBe(vault.seal("x", bound));
});
