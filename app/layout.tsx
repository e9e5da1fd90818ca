import "./globals.css";
import type { Metadata } from "next";
import { Wording } from "@/components/wording.tsx";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { preferences } from "./preferences.ts";
import { wordings } from "./wordings.ts";

export const metadata: Metadata = { title: { default: "Millrace", template: "%s – Millrace" } };

/** Theme and language stand in cookies, so that the first picture is the right one and needs no script. */
export default async function Layout({ children }: { children: ReactNode }) {
  await connection(); // the build renders nothing and opens no database
  const { locale, theme } = await preferences();
  return (
    <html lang={locale} data-theme={theme}>
      <body>
        <Wording locale={locale} messages={wordings[locale]}>
          {children}
        </Wording>
      </body>
    </html>
  );
}
