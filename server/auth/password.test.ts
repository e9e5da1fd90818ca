import { describe, expect, it } from "vitest";
import { cheapPasswords } from "@/tests/support/cheap-passwords.ts";
import { hashPassword, verifyPassword } from "./password.ts";

describe("a password", () => {
  it("is kept at OWASP's cost for 32 MiB, each time under another salt", async () => {
    const [one, other] = [await hashPassword("correct horse battery"), await hashPassword("correct horse battery")];
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(other).not.toBe(one);
    expect(await verifyPassword({ hash: one, password: "correct horse battery" })).toBe(true);
    expect(await verifyPassword({ hash: one, password: "correct horse batterz" })).toBe(false);
  });

  it("that was kept at another cost still opens, and one kept by others does not", async () => {
    const hash = await hashPassword("correct horse battery", cheapPasswords);
    expect(hash).toMatch(/^scrypt\$1024\$8\$1\$/);
    expect(await verifyPassword({ hash, password: "correct horse battery" })).toBe(true);
    expect(await verifyPassword({ hash: "$2b$10$abcdefghijklmnopqrstuv", password: "correct horse battery" })).toBe(
      false,
    );
  });
});
