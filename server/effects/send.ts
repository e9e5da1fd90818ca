/** What leaves the house: mail through SMTP. Connectors and HTTP calls have nothing behind them until one is connected. */
import type { Store } from "@/db/store.ts";
import type { Sender } from "./dispatch.ts";
import { type MailServer, sendMail } from "./mail.ts";

export function sender({ store, mail, baseUrl }: { store: Store; mail: MailServer | null; baseUrl: string }): Sender {
  return async (effect, key, workspaceId) => {
    switch (effect.kind) {
      case "mail":
        return sendMail({ store, mail, baseUrl }, { ...effect, key, workspaceId });
      case "connector":
        return {
          ok: false,
          final: true,
          text: `"${effect.connector}" is not connected, so nothing was done there. Connect it or take the step out, then retry.`,
        };
      case "http":
        return {
          ok: false,
          final: true,
          text: "No address is allowed for outgoing calls, so nothing was sent. Allow it or take the step out, then retry.",
        };
      default:
        return effect satisfies never;
    }
  };
}
