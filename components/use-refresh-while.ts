"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

const againMs = 1000;

/** Shows the page anew every second while something on it is going on; the whole of it, so that its parts agree. */
export function useRefreshWhile(goingOn: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!goingOn) return;
    const again = setInterval(() => router.refresh(), againMs);
    return () => clearInterval(again);
  }, [goingOn, router]);
}
