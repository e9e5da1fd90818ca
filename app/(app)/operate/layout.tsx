import type { ReactNode } from "react";
import { asking } from "@/app/asking.ts";
import { OperateNav } from "@/components/operate/operate-nav.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export default async function Layout({ children }: { children: ReactNode }) {
  const { may } = await asking();
  if (!may("runs.search")) return <NoRight />;
  return (
    <>
      <OperateNav />
      {children}
    </>
  );
}
