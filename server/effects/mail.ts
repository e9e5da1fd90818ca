/**
 * Mail by template. The workspace's settings hold the wordings (`mailTemplates`: key → subject and text, with `{title}` and
 * `{link}`). A template without one goes to colleagues in plain words; to a customer nothing is sent that nobody has written.
 */
import { and, eq, inArray } from "drizzle-orm";
import { createTransport, type Transporter } from "nodemailer";
import { z } from "zod";
import type { Store } from "@/db/store.ts";
import { type Refusal, refuse, type Values } from "@/server/engine/model.ts";
import type { Language } from "@/server/records/field.ts";
import { languageOf } from "@/server/auth/person.ts";
import { askingMail } from "@/server/engine/work/ask-by-mail.ts";
import { sayIn } from "@/server/wording/say.ts";
import type { Say } from "@/server/wording/translator.ts";
import type { Outcome } from "./dispatch.ts";

export type MailServer = { transport: Transporter; from: string };
export type Mail = { to: string; template: string; values: Values; key: string; workspaceId: string };

const wordings = z.record(z.string(), z.object({ subject: z.string(), text: z.string() }));

/** Opens the server that `url` names (smtp://user:password@host:587), or null without one. Nothing is sent yet. */
export function openMail(url: string | undefined, from: string | undefined): MailServer | null {
  if (!url) return null;
  const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 };
  return { transport: createTransport({ url, ...limits }), from: from ?? "Millrace <millrace@localhost>" };
}

const testMail = {
  en: { subject: "Millrace can send mail", text: "This is the test you asked for. Mail from Millrace reaches you." },
  vi: { subject: "Millrace gửi được thư", text: "Đây là thư thử bạn yêu cầu. Thư từ Millrace đến được với bạn." },
};

/** Sends one mail to the person who asks, and says what the server answered. */
export async function sendTestMail(
  mail: MailServer | null,
  { to, locale }: { to: string; locale: "en" | "vi" },
): Promise<{ ok: true; to: string } | Refusal> {
  if (!mail)
    return refuse("UNAVAILABLE", "No mail server is set, so nothing was sent. Set MILLRACE_SMTP_URL and start again.");
  if (!to) return refuse("INVALID", "You have no e-mail address here, so nothing was sent.");
  try {
    await mail.transport.sendMail({ from: mail.from, to, ...testMail[locale] });
    return { ok: true, to };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return refuse("UNAVAILABLE", `The mail server did not take the mail: ${said.slice(0, 200)}`);
  }
}

/** A mail as it would be read. `to`: addresses. */
export type Composed = { ok: true; to: string[]; subject: string; text: string } | { ok: false; text: string };

/** The letter of a template: whom it goes to and what it says. `to`: addresses and member ids, by commas. */
export async function composeMail(
  { store, baseUrl }: { store: Store; baseUrl: string },
  { to, template, values, workspaceId }: Omit<Mail, "key">,
): Promise<Composed> {
  const parts = to
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const outside = parts.filter((part) => part.includes("@"));
  const colleagues = await addressesOf(
    store,
    workspaceId,
    parts.filter((part) => !part.includes("@")),
  );
  const all = [...new Set([...outside, ...colleagues])];
  if (all.length === 0) return { ok: false, text: "Nobody has an e-mail address here, so this mail was not sent." };
  const { templates, language } = await wordingsOf(store, workspaceId);
  const written = templates[template];
  if (!written && outside.length)
    return {
      ok: false,
      text: `The mail "${template}" has no wording, so nothing was sent to the customer. Write it, then retry.`,
    };
  const title = typeof values["title"] === "string" ? values["title"] : "";
  // Pages of ours are for colleagues; a customer has no business there.
  const page = outside.length === 0 && typeof values["page"] === "string" ? values["page"] : "";
  const fill = (text: string) => text.replaceAll("{title}", title).replaceAll("{link}", baseUrl + page);
  const { subject, text } =
    written ?? (template === askingMail ? askingWords(values, sayIn(language)) : plainWords(template, sayIn(language)));
  return { ok: true, to: all, subject: fill(subject).replaceAll(/[\r\n]+/g, " "), text: fill(text) };
}

/** The same `key` gives the same Message-ID, so a second try can be told. */
export async function sendMail(
  { store, mail, baseUrl }: { store: Store; mail: MailServer | null; baseUrl: string },
  { key, ...asked }: Mail,
): Promise<Outcome> {
  const no = (text: string, final = true): Outcome => ({ ok: false, text, final });
  if (!mail)
    return no("No mail server is set, so this mail was not sent. Set MILLRACE_SMTP_URL, start again and retry.");
  const letter = await composeMail({ store, baseUrl }, asked);
  if (!letter.ok) return no(letter.text);
  const { to, subject, text } = letter;
  try {
    await mail.transport.sendMail({
      from: mail.from,
      to,
      subject,
      text,
      messageId: `<${key.replaceAll(/[^\w.-]/g, "-")}@millrace>`,
    });
    return { ok: true, result: { to: to.length } };
  } catch (error) {
    // Below 500 the other side asks for another try; an unreachable server may be back soon.
    const code =
      typeof error === "object" && error !== null && "responseCode" in error ? Number(error.responseCode) : 0;
    return no(
      `The mail server did not take the mail${code ? ` (${code})` : ""}. It is kept and tried again.`,
      code >= 500,
    );
  }
}

async function addressesOf(store: Store, workspaceId: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { member } = store.t;
  const rows = await store.read
    .select({ email: member.email })
    .from(member)
    .where(and(eq(member.workspaceId, workspaceId), inArray(member.id, ids), eq(member.status, "active")));
  return rows.map((row) => row.email).filter(Boolean);
}

/** One letter goes to all who are told, so it is in the language of the workspace. */
async function wordingsOf(
  store: Store,
  workspaceId: string,
): Promise<{ templates: z.infer<typeof wordings>; language: Language }> {
  const { workspace } = store.t;
  const [row] = await store.read
    .select({ settings: workspace.settings, locale: workspace.locale })
    .from(workspace)
    .where(eq(workspace.id, workspaceId));
  return {
    templates: wordings.safeParse(row?.settings["mailTemplates"]).data ?? {},
    language: languageOf({ locale: row?.locale ?? "en" }),
  };
}

const plainWords = (template: string, say: Say) => ({
  subject: `${wordsOf(template)}: {title}`,
  text: say(`${wordsOf(template)} is due for {title}.\n\n{link}\n`),
});

/** Whoever opens the link sees what is asked; nothing is decided by opening it. */
const askingWords = ({ step }: Values, say: Say) => ({
  subject: say(`Your decision: ${String(step ?? "")} – {title}`),
  text: [
    say(`“${String(step ?? "")}” asks for your decision on {title}.`),
    say("See what is asked, and approve, reject or send it back there:"),
    "{link}",
    say("Opening the link decides nothing."),
  ].join("\n\n"),
});

const wordsOf = (template: string): string => template.charAt(0).toUpperCase() + template.slice(1).replaceAll("_", " ");
