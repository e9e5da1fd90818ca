import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { NoReport } from "@/components/reports/no-report.tsx";
import { services } from "@/server/runtime/services.ts";

export const metadata: Metadata = { title: "Reports" };

/** Opens where most value waits. */
export default async function Page() {
  const caller = await services().caller(await headers());
  const [first] = await caller.reports.processes();
  if (first) redirect(`/reports/${first.id}`);
  return <NoReport />;
}
