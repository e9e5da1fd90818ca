import type { Metadata } from "next";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import { preferences } from "./preferences.ts";

/** "Screen – Process": the root layout adds the product's name. `what` is the process or record on the screen. */
export async function titleOf(screen: keyof typeof en.titles, what?: string | null): Promise<Metadata> {
  const { locale } = await preferences();
  const word = (locale === "vi" ? vi : en).titles[screen];
  return { title: what ? `${word} – ${what}` : word };
}
