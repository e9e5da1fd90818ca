import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { NoReport } from "@/components/reports/no-report.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("reports");

/** Opens where most value waits. */
export default async function Page() {
  const caller = await services().caller(await headers());
  const [first] = await caller.reports.processes();
  if (first) redirect(`/reports/${first.id}`);
  return <NoReport />;
}
