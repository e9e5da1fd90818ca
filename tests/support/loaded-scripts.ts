import { gzipSync } from "node:zlib";

/** Gzipped kB of every script a page names, as a browser with modules would load it at once. */
export async function loadedScripts(url: string, route: string, cookie: string): Promise<number> {
  const page = await read(`${url}${route}`, cookie);
  const tags = page.match(/<script[^>]*\ssrc="[^"]+"[^>]*>/g) ?? [];
  const sources = new Set(tags.filter((tag) => !/\snomodule/i.test(tag)).map((tag) => /src="([^"]+)"/.exec(tag)?.[1]));
  let bytes = 0;
  for (const source of sources) bytes += gzipSync(await read(new URL(source ?? "", url).href, cookie)).length;
  return bytes / 1000;
}

async function read(address: string, cookie: string): Promise<string> {
  const answer = await fetch(address, { headers: { cookie }, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}.`);
  return answer.text();
}
