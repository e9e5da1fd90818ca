import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ProcessView } from "@/components/process/process-view.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ v?: string }> };

/** Read once for title and page. */
const read = cache(async (id: string, v: string | undefined) =>
  (await services().caller(await headers())).processes
    .read({ id, ...(v && /^\d{1,6}$/.test(v) && { version: Number(v) }) })
    .catch(() => null),
);

export const generateMetadata = async ({ params, searchParams }: Props) =>
  titleOf("process", (await read((await params).id, (await searchParams).v))?.name);

export default async function Page({ params, searchParams }: Props) {
  const person = await services().person(await headers());
  const process = await read((await params).id, (await searchParams).v);
  if (!process) notFound();
  return <ProcessView process={process} mayEdit={person?.roles.some((r) => r === "ops" || r === "admin") ?? false} />;
}
