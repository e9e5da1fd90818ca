"use client";
import { createContext, useContext } from "react";
import { type Format, formatter } from "./format.ts";

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
}) => <Context value={formatter(locale, zone, now)}>{children}</Context>;

export function useFormat(): Format {
  const format = useContext(Context);
  if (!format) throw new Error("FormatProvider is missing above this component");
  return format;
}
