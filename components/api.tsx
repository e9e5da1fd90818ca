"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, type TRPCClient, type TRPCLink, TRPCClientError } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createContext, useContext, useState } from "react";
import type { AppRouter } from "@/server/api/router.ts";
import { signedOut } from "./signed-out.ts";

type Client = TRPCClient<AppRouter>;
const ClientContext = createContext<Client | null>(null);
export const ClientProvider = ClientContext.Provider;

/** Every procedure of the server. */
export function useTRPCClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("Api is missing above this component");
  return client;
}

/** What is said both ways is plain JSON, in an envelope (server/api/transformer.ts). */
export const transformer = {
  serialize: (json: unknown) => ({ json }),
  deserialize: (sent: { json: unknown }) => sent.json,
};

export function Api({ children }: { children: React.ReactNode }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: true } } }),
  );
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [hearSignOut, httpBatchLink({ url: "/api/trpc", transformer })],
    }),
  );
  return (
    <QueryClientProvider client={queries}>
      <ClientProvider value={client}>{children}</ClientProvider>
    </QueryClientProvider>
  );
}

/** An ended sign-in is told once, over the page (shell/signed-out.tsx), whatever call met it; any answer takes it back. */
const hearSignOut: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) =>
    observable((observer) =>
      next(op).subscribe({
        next(value) {
          signedOut.set(false);
          observer.next(value);
        },
        error(error) {
          if (refusalOf(error).code === "SIGN_IN") signedOut.set(true);
          observer.error(error);
        },
        complete: () => observer.complete(),
      }),
    );

/** The sentence the server said, and what goes with it. */
export function refusalOf(error: unknown): { code: string; text: string; details: Record<string, unknown> } {
  if (error instanceof TRPCClientError) {
    const data = error.data as { code?: string; text?: string; details?: Record<string, unknown> } | null;
    return { code: data?.code ?? "OFFLINE", text: data?.text ?? error.message, details: data?.details ?? {} };
  }
  return { code: "OFFLINE", text: error instanceof Error ? error.message : String(error), details: {} };
}
