import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { Editor } from "@/components/canvas/editor.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

/** Read once for title and page. */
const open = cache(async (id: string) =>
  (await services().caller(await headers())).processes.edit({ id }).catch(() => null),
);

export const generateMetadata = async ({ params }: { params: Promise<{ id: string }> }) =>
  titleOf("editor", (await open((await params).id))?.document.name);

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ view?: string; sel?: string }>;
}) {
  const caller = await services().caller(await headers());
  const opened = await open((await params).id);
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
