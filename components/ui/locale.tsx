"use client";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { type Format, formatter } from "./format.ts";

const tickMs = 30_000;
const Context = createContext<Format | null>(null);

/** How this person reads numbers and times. The server's `now` is used for the first picture, so that both sides agree. */
export const FormatProvider = ({
  locale,
  zone,
  now,
  children,
}: {
  locale: "en" | "vi";
  zone: string;
  now: number;
  children: React.ReactNode;
}) => {
  const [passed, setPassed] = useState({ since: now, ms: 0 });
  // Countdowns go on while a page stays open; the browser's own clock is not asked, it may be wrong.
  useEffect(() => {
    const opened = performance.now();
    const tick = setInterval(() => setPassed({ since: now, ms: performance.now() - opened }), tickMs);
    return () => clearInterval(tick);
  }, [now]);
  const at = now + (passed.since === now ? passed.ms : 0);
  const format = useMemo(() => formatter(locale, zone, at), [locale, zone, at]);
  return <Context value={format}>{children}</Context>;
};

export function useFormat(): Format {
  const format = useContext(Context);
  if (!format) throw new Error("FormatProvider is missing above this component");
  return format;
}
