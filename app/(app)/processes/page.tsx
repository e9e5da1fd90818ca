import type { Metadata } from "next";
import { headers } from "next/headers";
import { ProcessList } from "@/components/process/process-list.tsx";
import { services } from "@/server/runtime/services.ts";

export const metadata: Metadata = { title: "Processes" };

export default async function Page() {
  const caller = await services().caller(await headers());
  return <ProcessList processes={await caller.processes.list()} />;
}
