"use client";
import { type RefObject, useEffect, useRef } from "react";

/** For the one of a row of links that is open now: in a row that scrolls it is brought into sight whenever `place` changes. */
export function useInView(place: string): RefObject<HTMLAnchorElement | null> {
  const here = useRef<HTMLAnchorElement>(null);
  // A block, not an expression: newer browsers answer scrolling with a promise, which is no way to clean up.
  useEffect(() => {
    here.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [place]);
  return here;
}
