import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { RecordScreen } from "@/components/record/record-screen.tsx";
import { services } from "@/server/runtime/services.ts";
import { readRecord } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = async ({ params }: { params: Promise<{ id: string }> }) =>
  titleOf("record", (await readRecord((await params).id))?.title);

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const record = await readRecord((await params).id);
  if (!record) notFound();
  const person = await services().person(await headers());
  const designs = person?.roles.some((role) => role === "ops" || role === "admin") ?? false;
  return <RecordScreen record={record} mayRetry={designs} maySend={designs} mayRecompute={designs} />;
}
