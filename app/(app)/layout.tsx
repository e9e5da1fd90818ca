import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import en from "@/messages/en.json";
import vi from "@/messages/vi.json";
import { signInFor } from "../come-back.ts";
import { preferences } from "../preferences.ts";
import { Api } from "@/components/api.tsx";
import { HeldBar } from "@/components/operate/held-bar.tsx";
import { Shell } from "@/components/shell/shell.tsx";
import { FormatProvider } from "@/components/ui/locale.tsx";
import { services } from "@/server/runtime/services.ts";

/** Everything behind the sign-in. The session is asked for here, and again by every procedure. */
export default async function Layout({ children, crumbs }: { children: ReactNode; crumbs: ReactNode }) {
  const sent = await headers();
  const jar = await cookies();
  const person = await services().person(sent);
  if (!person)
    redirect(
      signInFor(
        sent.get("x-millrace-page"),
        jar.getAll().some((c) => c.name.includes("millrace")),
      ),
    );
  const { locale, theme } = await preferences();
  const caller = await services().caller(sent);
  const designs = person.roles.some((role) => role === "ops" || role === "admin");
  const held = designs && (await caller.operate.held()).hold !== null;
  return (
    <Api>
      <FormatProvider locale={locale} zone={person.zone} now={services().engine.clocks.of(person.workspaceId).now()}>
        <Shell
          person={{ name: person.name, roles: person.roles, memberId: person.memberId }}
          demo={services().demo}
          theme={theme}
          incidents={designs ? (await caller.incidents.count()).open : 0}
          railOpen={jar.get("rail")?.value !== "closed"}
          crumbs={crumbs}
        >
          {held && <HeldBar words={locale === "vi" ? vi.operate : en.operate} />}
          {children}
        </Shell>
      </FormatProvider>
    </Api>
  );
}
