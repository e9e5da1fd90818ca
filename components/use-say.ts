"use client";
import { useEffect, useState } from "react";
import { useLocale } from "use-intl";
import { asItIs, readSentences, type Say, translator } from "@/server/wording/translator.ts";

let vietnamese: Say | null = null;

/**
 * Says, in the language of the screen, what is computed in the browser: problems of a drawing, of an expression, of a
 * calendar. The list of sentences comes when a Vietnamese screen first asks for it; until then they are English.
 */
export function useSay(): Say {
  const locale = useLocale();
  const [say, setSay] = useState<Say | null>(() => vietnamese);
  useEffect(() => {
    if (locale !== "vi") return;
    let here = true;
    void import("@/messages/sentences.vi.json").then(({ default: list }) => {
      vietnamese ??= translator(readSentences(list), { thousands: "." });
      if (here) setSay(() => vietnamese);
    });
    return () => {
      here = false;
    };
  }, [locale]);
  return (locale === "vi" && say) || asItIs;
}
