/**
 * Secrets of connections: AES-256-GCM with a key that lies beside the data and never in the database. Each is bound to its
 * workspace, connection and host, so that a row copied elsewhere, or a changed host, opens nothing (D24).
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** What a secret was saved for. A part of it changed: the secret is no more. */
export type Bound = { workspaceId: string; connectionId: string; host: string };
export type Vault = {
  seal(secret: string, bound: Bound): string;
  /** Null when it was sealed with another key or for something else. */
  open(sealed: string, bound: Bound): string | null;
};

const version = "v1";

/** `key`: any text with 256 bits of chance in it. */
export function openVault(key: string): Vault {
  const bytes = createHash("sha256").update(`vault:${key}`).digest();
  const about = ({ workspaceId, connectionId, host }: Bound) =>
    Buffer.from(JSON.stringify([version, workspaceId, connectionId, host]));
  return {
    seal(secret, bound) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", bytes, iv).setAAD(about(bound));
      const closed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return [version, iv, cipher.getAuthTag(), closed]
        .map((part) => (typeof part === "string" ? part : part.toString("base64url")))
        .join(".");
    },
    open(sealed, bound) {
      const [said, iv = "", tag = "", closed = ""] = sealed.split(".");
      if (said !== version) return null;
      try {
        const decipher = createDecipheriv("aes-256-gcm", bytes, Buffer.from(iv, "base64url"), { authTagLength: 16 })
          .setAAD(about(bound))
          .setAuthTag(Buffer.from(tag, "base64url"));
        return Buffer.concat([decipher.update(Buffer.from(closed, "base64url")), decipher.final()]).toString("utf8");
      } catch {
        return null;
      }
    },
  };
}
