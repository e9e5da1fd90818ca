import { cookies, headers } from "next/headers";
import { services } from "@/server/runtime/services.ts";

/**
 * Language and theme: what this browser chose last, else what the person's profile says. Where that cannot be read, the page below says
 * so, in English.
 */
export async function preferences(): Promise<{ locale: "en" | "vi"; theme: "system" | "light" | "dark" }> {
  const jar = await cookies();
  const chosen = { locale: jar.get("locale")?.value, theme: jar.get("theme")?.value };
  const person =
    chosen.locale && chosen.theme
      ? null
      : await services()
          .person(await headers())
          .catch(() => null);
  const theme = chosen.theme ?? person?.theme;
  return {
    locale: (chosen.locale ?? person?.locale) === "vi" ? "vi" : "en",
    theme: (["light", "dark"] as const).find((one) => one === theme) ?? "system",
  };
}
