import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { ProcessView } from "@/components/process/process-view.tsx";
import { services } from "@/server/runtime/services.ts";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ v?: string }>;
}) {
  const sent = await headers();
  const caller = await services().caller(sent);
  const person = await services().person(sent);
  const { v } = await searchParams;
  const process = await caller.processes
    .read({ id: (await params).id, ...(v && /^\d{1,6}$/.test(v) && { version: Number(v) }) })
    .catch(() => null);
  if (!process) notFound();
  return <ProcessView process={process} mayEdit={person?.roles.some((r) => r === "ops" || r === "admin") ?? false} />;
}
