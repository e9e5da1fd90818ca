import { headers } from "next/headers";
import { RecordsScreen } from "@/components/record/records-screen.tsx";
import { services } from "@/server/runtime/services.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("records");
const shown = ["lead", "account", "contact", "opportunity", "quote"];

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ type?: string; q?: string; page?: string }>;
}) {
  const caller = await services().caller(await headers());
  const { type: asked, q, page } = await searchParams;
  const type = shown.find((key) => key === asked) ?? "opportunity";
  const at = Math.max(1, Number(page) || 1);
  const [types, list, fields] = await Promise.all([
    caller.records.types(),
    caller.records.list({ type, ...(q && { search: q }), offset: (at - 1) * 50, limit: 50 }),
    caller.records.describe({ type }),
  ]);
  return (
    <RecordsScreen
      key={`${type}/${q ?? ""}/${at}`}
      type={type}
      types={types.filter((t) => shown.includes(t.key))}
      list={list}
      fields={fields}
      search={q ?? ""}
      page={at}
    />
  );
}
