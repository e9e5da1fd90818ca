import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { DecideScreen } from "@/components/approval/decide-screen.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

/** Read once for title and page. Reading decides nothing: mail programs and previews open links by themselves. */
const read = cache(async (id: string) =>
  (await services().caller(await headers())).inbox.decision({ id: decodeURIComponent(id) }).catch(() => null),
);

export const generateMetadata = async ({ params }: { params: Promise<{ id: string }> }) =>
  titleOf("decide", (await read((await params).id))?.card.title);

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const asked = await read((await params).id);
  if (!asked) notFound();
  return <DecideScreen key={`${asked.card.id} ${asked.state}`} asked={asked} />;
}
