import { cookies, headers } from "next/headers";
import { services } from "@/server/runtime/services.ts";

/** Language and theme: what this browser chose last, else what the person's profile says. */
export async function preferences(): Promise<{ locale: "en" | "vi"; theme: "system" | "light" | "dark" }> {
  const jar = await cookies();
  const person = jar.get("locale") ? null : await services().person(await headers());
  const locale = (jar.get("locale")?.value ?? person?.locale) === "vi" ? "vi" : "en";
  return { locale, theme: (["light", "dark"] as const).find((t) => t === jar.get("theme")?.value) ?? "system" };
}
