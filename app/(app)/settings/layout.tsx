import type { ReactNode } from "react";
import { SettingsNav } from "@/components/settings/settings-nav.tsx";
import { asking } from "@/app/asking.ts";

export default async function Layout({ children }: { children: ReactNode }) {
  const { me } = await asking();
  return (
    <div className="grid min-h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] lg:grid-cols-[216px_minmax(0,1fr)] lg:grid-rows-1">
      <SettingsNav roles={me.roles} demo={me.demo} />
      {children}
    </div>
  );
}
