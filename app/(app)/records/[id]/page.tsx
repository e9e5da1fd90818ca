import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { RecordScreen } from "@/components/record/record-screen.tsx";
import { services } from "@/server/runtime/services.ts";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const caller = await services().caller(await headers());
  const record = await caller.records.read({ id: (await params).id }).catch(() => null);
  if (!record) notFound();
  return <RecordScreen record={record} />;
}
