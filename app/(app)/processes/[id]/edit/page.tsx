import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Editor } from "@/components/canvas/editor.tsx";
import { services } from "@/server/runtime/services.ts";

export const metadata: Metadata = { title: "Edit process" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const caller = await services().caller(await headers());
  const opened = await caller.processes.edit({ id: (await params).id }).catch(() => null);
  if (!opened) notFound();
  const fields = await caller.records.describe({ type: opened.document.recordType });
  return (
    <Editor key={opened.id} opened={opened} fields={fields.map((f) => `${opened.document.recordType}.${f.name}`)} />
  );
}
