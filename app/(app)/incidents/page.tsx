import { redirect } from "next/navigation";

/** Where stuck runs stood before: old links still find them. */
export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const parts = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  redirect(parts.length ? `/operate/incidents?${new URLSearchParams(parts).toString()}` : "/operate/incidents");
}
