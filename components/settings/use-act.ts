"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { refusalOf } from "../api.tsx";

/** Does something on the server, says so, and shows the page anew; a refusal is said as the server words it. */
export function useAct(): { busy: boolean; act: (work: () => Promise<unknown>, said: string) => Promise<boolean> } {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  async function act(work: () => Promise<unknown>, said: string): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      toast(said);
      router.refresh();
      return true;
    } catch (error) {
      toast.error(refusalOf(error).text);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, act };
}
