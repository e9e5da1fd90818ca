"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "./ui/toast.tsx";
import { refusalOf } from "./api.tsx";

/**
 * Does something on the server, says `said` if it is given, and shows the page anew; a refusal is said as the server words it.
 * `busy` until the new page stands: what was acted on may be gone from it, and whatever is opened on a row in between is lost.
 */
export function useAct(): { busy: boolean; act: (work: () => Promise<unknown>, said?: string) => Promise<boolean> } {
  const router = useRouter();
  const [working, setWorking] = useState(false);
  const [refreshing, startRefresh] = useTransition();
  async function act(work: () => Promise<unknown>, said?: string): Promise<boolean> {
    setWorking(true);
    try {
      await work();
      if (said !== undefined) toast(said);
      startRefresh(() => router.refresh());
      return true;
    } catch (error) {
      toast.error(refusalOf(error).text);
      return false;
    } finally {
      setWorking(false);
    }
  }
  return { busy: working || refreshing, act };
}
