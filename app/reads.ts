/** What a page, its title and its trail all need is read once for the three of them. */
import { headers } from "next/headers";
import { cache } from "react";
import { services } from "@/server/runtime/services.ts";

const caller = cache(async () => services().caller(await headers()));

export const readRecord = cache(async (id: string) => (await caller()).records.read({ id }).catch(() => null));

export const readProcess = cache(async (id: string, v?: string) =>
  (await caller()).processes.read({ id, ...(v && /^\d{1,6}$/.test(v) && { version: Number(v) }) }).catch(() => null),
);

export const readReported = cache(async () => (await caller()).reports.processes());
export const readRecordTypes = cache(async () => (await caller()).records.types());
export const readBatch = cache(async (id: string) => (await caller()).batches.read({ id }).catch(() => null));
export const readImport = cache(async (id: string) => (await caller()).imports.read({ id }).catch(() => null));
export const readQueues = cache(async () => (await caller()).queues.list().catch(() => []));
