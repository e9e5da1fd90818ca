import { notFound } from "next/navigation";
import { asking } from "@/app/asking.ts";
import { readBatch } from "@/app/reads.ts";
import { titleOf } from "@/app/title.ts";
import { BatchScreen, type ItemStatus } from "@/components/operate/batch-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("batches");

const statuses: readonly ItemStatus[] = ["waiting", "done", "skipped", "refused"];

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { caller, may } = await asking();
  if (!may("batches.read")) return <NoRight />;
  const [{ id }, found] = await Promise.all([params, searchParams]);
  const status = statuses.find((one) => one === found["status"]);
  const after = (found["after"] ?? "").slice(0, 80);
  const batch = await readBatch(id);
  if (!batch) notFound();
  const { items, next } = await caller.batches.items({ id, after, ...(status && { status }) });
  return <BatchScreen batch={batch} items={items} next={next} status={status ?? null} />;
}
