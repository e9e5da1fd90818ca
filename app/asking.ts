import { headers } from "next/headers";
import { services } from "@/server/runtime/services.ts";

/** The procedures as the person who asks for this page, who they are, and what they may do. */
export async function asking() {
  const caller = await services().caller(await headers());
  const me = await caller.me.read();
  type Action = (typeof me.may)[number];
  return { caller, me, may: (action: Action) => me.may.includes(action) };
}
