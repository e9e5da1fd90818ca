import { connection } from "next/server";
import type { ReactNode } from "react";

export default async function Layout({ children }: { children: ReactNode }) {
  await connection(); // the build renders nothing and opens no database
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
