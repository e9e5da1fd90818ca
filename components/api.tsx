"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCLink,
  TRPCClientError,
} from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useState } from "react";
import superjson from "superjson";
import type { AppRouter } from "@/server/api/router.ts";
import { signedOut } from "./signed-out.ts";

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export function Api({ children }: { children: React.ReactNode }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: true } } }),
  );
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        hearSignOut,
        splitLink({
          condition: (call) => call.type === "subscription",
          true: httpSubscriptionLink({ url: "/api/trpc", transformer: superjson }),
          false: httpBatchLink({ url: "/api/trpc", transformer: superjson }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        {children}
      </TRPCProvider>
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
