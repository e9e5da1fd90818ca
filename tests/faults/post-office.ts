/** A mail server that counts how often each Message-ID came. */
import { SMTPServer } from "smtp-server";

export type PostOffice = { url: string; mails: Map<string, number>; close(): Promise<void> };

/** `slowMs`: how long it takes to say that it has a letter. */
export async function openPostOffice(slowMs = 0): Promise<PostOffice> {
  const mails = new Map<string, number>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, _, done) {
      let text = "";
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      stream.on("end", () => {
        // A long id stands on a line of its own.
        const id = /^Message-ID:\s+(\S+)/im.exec(text)?.[1] ?? "";
        mails.set(id, (mails.get(id) ?? 0) + 1);
        setTimeout(done, slowMs);
      });
    },
  });
  // A killed server leaves its conversation half way.
  smtp.on("error", () => {});
  await new Promise<void>((listening) => smtp.listen(0, "127.0.0.1", listening));
  const address = smtp.server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    mails,
    close: () => new Promise<void>((closed) => smtp.close(closed)),
  };
}
