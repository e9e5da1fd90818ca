/** What leaves the house: mail through SMTP, calls and chat messages through the workspace's connections. */
import type { Store } from "@/db/store.ts";
import type { Sender } from "./dispatch.ts";
import { type MailServer, sendMail } from "./mail.ts";
import { type Calls, makeCall } from "./make-call.ts";

export function sender({
  store,
  mail,
  baseUrl,
  calls,
}: {
  store: Store;
  mail: MailServer | null;
  baseUrl: string;
  calls: Calls;
}): Sender {
  return async (effect, key, workspaceId, at) => {
    switch (effect.kind) {
      case "mail":
        return sendMail({ store, mail, baseUrl }, { ...effect, key, workspaceId });
      case "connector":
      case "http":
      case "chat":
        return makeCall({ store, calls }, effect, { key, workspaceId, at });
      default:
        return effect satisfies never;
    }
  };
}
