import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Editor } from "@/components/canvas/editor.tsx";
import { services } from "@/server/runtime/services.ts";

export const metadata: Metadata = { title: "Edit process" };

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ view?: string; sel?: string }>;
}) {
  const caller = await services().caller(await headers());
  const opened = await caller.processes.edit({ id: (await params).id }).catch(() => null);
  if (!opened) notFound();
  const choices = await caller.processes.choices();
  const { view, sel } = await searchParams;
  const known = [...opened.document.nodes, ...opened.document.edges].some((one) => one.id === sel);
  return (
    <Editor
      key={opened.id}
      opened={opened}
      choices={choices}
      view={view === "outline" || view === "map" ? view : null}
      select={known && sel ? sel : null}
    />
  );
}
