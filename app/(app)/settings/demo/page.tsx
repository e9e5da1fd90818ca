import { notFound } from "next/navigation";
import { DemoScreen } from "@/components/settings/demo-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("demo");

export default async function Page() {
  const { caller, me, may } = await asking();
  if (!me.demo) notFound();
  return may("demo.clear") ? <DemoScreen name={(await caller.workspace.read()).name} /> : <NoRight />;
}
