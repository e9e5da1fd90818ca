/** E-mail addresses, phone numbers, web addresses and domains: how they are read and in what one form they are stored. */
import { countryOf } from "./countries.ts";

/** A problem is a code and one sentence. */
export type Read<T> = { ok: true; value: T } | { ok: false; code: string; text: string };
const no = (code: string, text: string): { ok: false; code: string; text: string } => ({ ok: false, code, text });

/** Trimmed and in lower case; RFC 5321 lengths. */
export function readEmail(written: string): Read<string> {
  const text = written.trim().replace(/^mailto:/i, "");
  if (text.length > 254)
    return no(
      "email_too_long",
      "The e-mail address is longer than mail servers accept (64 characters before the @, 254 in all).",
    );
  const at = text.lastIndexOf("@");
  const [local, host] = [text.slice(0, at), text.slice(at + 1).toLowerCase()];
  if (at <= 0 || !host)
    return no("email", `“${written}” is not an e-mail address: it needs a name, an @ and a domain.`);
  if (local.length > 64)
    return no("email_too_long", "The e-mail address is longer than mail servers accept (64 characters before the @).");
  const plainLocal =
    /^[^\s@"(),:;<>[\\\]]+$/u.test(local) && !local.startsWith(".") && !local.endsWith(".") && !local.includes("..");
  if (!plainLocal) return no("email", `“${written}” is not an e-mail address: the part before the @ cannot be read.`);
  if (!isHost(host)) return no("email", `“${written}” is not an e-mail address: “${host}” is not a domain.`);
  return { ok: true, value: `${local.toLowerCase()}@${asciiHost(host)}` };
}

const labelPattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** At least two labels, the last one not a number. */
function isHost(host: string): boolean {
  const labels = host.split(".");
  const top = labels.at(-1) ?? "";
  return (
    labels.length >= 2 &&
    host.length <= 253 &&
    labels.every((label) => labelPattern.test(label)) &&
    /^(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]+)$/u.test(top) &&
    asciiHost(host) !== ""
  );
}

function asciiHost(host: string): string {
  if (/^[a-z0-9.-]*$/.test(host)) return host;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
}

export type Phone = { number: string; extension: string | null };

/**
 * E.164 ("+84912345678"). A number without a plus is read as a national one of `country` (ISO alpha-2). An extension is kept
 * apart.
 */
export function readPhone(written: string, country?: string | null): Read<Phone> {
  if (written.length > 64) return no("phone", "A phone number has at most 64 characters, extension included.");
  const split = /^(.*?)(?:\s*(?:;ext=|,|ext(?:ension)?\.?|x|#|máy lẻ|ml\.?)\s*:?\s*(\d{1,8}))?$/iu.exec(written.trim());
  const body = (split?.[1] ?? written).replace(/^tel:/i, "").trim().replace(/^\(\+/, "+(");
  const extension = split?.[2] ?? null;
  if (!/^\+?[\d\s().\-/\u2010-\u2015]+$/u.test(body)) return no("phone", `“${written}” is not a phone number.`);
  const number = international(body) ?? national(body.replace(/\D/g, ""), country);
  if (number === null)
    return no(
      "phone_country",
      `“${written}” has no country: write it with + and the country code, or fill in the country.`,
    );
  if (!/^\+[1-9]\d{6,14}$/.test(number))
    return no("phone", `“${written}” is not a phone number: it should have 7 to 15 digits with the country code.`);
  if (/^\+1/.test(number) && !/^\+1[2-9]\d{9}$/.test(number))
    return no("phone", `“${written}” is not a North American phone number: after +1 come ten digits.`);
  return { ok: true, value: { number, extension } };
}

/** "+44 (0)20 …" and "0044 20 …"; null when it is written without a country code. */
function international(body: string): string | null {
  const digits = body.replace(/\(0\)/, "").replace(/\D/g, "");
  if (body.startsWith("+")) return `+${digits}`;
  return body.startsWith("00") ? `+${digits.slice(2)}` : null;
}

function national(digits: string, country?: string | null): string | null {
  const known = countryOf(country);
  if (!known?.calling) return null;
  const { calling, trunk } = known;
  // Written with the country code but without the plus, as spreadsheets leave it.
  if (
    digits.startsWith(calling) &&
    digits.length > 10 &&
    (trunk === "" || trunk === calling || !digits.startsWith(trunk))
  )
    return `+${digits}`;
  // A trunk prefix that could be the number's own first digit counts only when there is a digit too many.
  const strip = trunk !== "" && digits.startsWith(trunk) && (trunk.startsWith("0") || digits.length === 11);
  return `+${calling}${strip ? digits.slice(trunk.length) : digits}`;
}

/** http(s) only, host in punycode, at most 2,048 characters. A bare host gets https. */
export function readUrl(written: string): Read<string> {
  const text = written.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!/^https?:\/\//i.test(full) || /^[a-z][a-z0-9+.-]*:(?!\/\/)(?!\d)/i.test(text))
    return no("url", `“${written}” is not a web address: it has to begin with http:// or https://.`);
  if (/\s/.test(full) || !URL.canParse(full)) return no("url", `“${written}” is not a web address.`);
  const url = new URL(full);
  if (!isHost(url.hostname)) return no("url", `“${written}” is not a web address: “${url.hostname}” is not a domain.`);
  const value = url.pathname === "/" && !url.search && !url.hash ? url.href.replace(/\/$/, "") : url.href;
  return value.length > 2048
    ? no("url_too_long", "The web address is longer than 2,048 characters.")
    : { ok: true, value };
}

/** The registrable domain: lower case, without www or path ("https://shop.acme.co.uk/x" → "acme.co.uk"). */
export function readDomain(written: string): Read<string> {
  const host = written
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/^[^/@]*@/, "")
    .replace(/[/?#:].*$/, "")
    .replace(/\.$/, "");
  if (!isHost(host)) return no("domain", `“${written}” is not a domain such as acme.com.`);
  return { ok: true, value: registrable(asciiHost(host)) };
}

/** Second-level labels under which country registries sell names ("co.uk", "com.vn"). */
const sharedSecondLevels = new Set(
  "ac co com edu gob gouv gov go id in ltd me mil ne net nhs nom or org plc sch web biz info name pro health".split(
    " ",
  ),
);

function registrable(host: string): string {
  const labels = host.split(".");
  const two = labels.slice(-2).join(".");
  const shared =
    (labels.at(-1)?.length === 2 && sharedSecondLevels.has(labels.at(-2) ?? "")) ||
    two === "uk.com" ||
    two === "co.com";
  return labels.slice(shared ? -3 : -2).join(".");
}

const freeMail = new Set(
  `gmail googlemail yahoo ymail rocketmail hotmail outlook live msn icloud me mac aol proton protonmail pm gmx web mail yandex ya inbox list bk rambler
   qq 163 126 sina sohu foxmail naver daum hanmail zoho fastmail tutanota tuta hey t-online freenet orange wanadoo free laposte sfr libero virgilio
   comcast verizon att btinternet sky rediffmail uol bol terra seznam wp o2 onet interia abv`.split(/\s+/),
);
/** Names that are free mail only under these endings: elsewhere they are companies. */
const freeMailOnlyUnder: Readonly<Record<string, readonly string[]>> = {
  me: ["com"],
  mac: ["com"],
  web: ["de"],
  mail: ["com", "ru"],
  list: ["ru"],
  inbox: ["ru", "lv", "com"],
  bk: ["ru"],
  free: ["fr"],
  orange: ["fr"],
  sky: ["com"],
  hey: ["com"],
  att: ["net"],
  verizon: ["net"],
  comcast: ["net"],
  pm: ["me"],
  proton: ["me"],
  tuta: ["com", "io"],
  o2: ["pl"],
  wp: ["pl"],
  ya: ["ru"],
  live: ["com", "co.uk", "fr", "de", "it", "nl", "ca", "com.au"],
  zoho: ["com"],
  terra: ["com.br", "es"],
  bol: ["com.br"],
  uol: ["com.br"],
};

/** Whether anybody can have an address there, so that the domain says nothing about a company. */
export function isFreeMail(domain: string): boolean {
  const [name = "", ...rest] = domain.split(".");
  if (!freeMail.has(name)) return false;
  const only = freeMailOnlyUnder[name];
  return only ? only.includes(rest.join(".")) : true;
}

/** The company's domain behind an e-mail address; null for free mail or no address. */
export function companyDomainOf(address: unknown): string | null {
  if (typeof address !== "string" || !address.includes("@")) return null;
  const domain = readDomain(address.slice(address.lastIndexOf("@") + 1));
  return domain.ok && !isFreeMail(domain.value) ? domain.value : null;
}
