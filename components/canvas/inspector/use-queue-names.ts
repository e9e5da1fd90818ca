"use client";
import { useQuery } from "@tanstack/react-query";
import type { Process } from "@/server/engine/process.ts";
import { useTRPCClient } from "../../api.tsx";

/**
 * What the queues of a process are called. One that the workspace has goes by the workspace's name, whatever the drawing says;
 * `isOurs`: whether it has it.
 */
export function useQueueNames({ queues }: Pick<Process, "queues">) {
  const client = useTRPCClient();
  const { data = [] } = useQuery({ queryKey: ["queues.list"], queryFn: () => client.queues.list.query() });
  const names = new Map(data.map(({ key, name }) => [key, name]));
  return {
    isOurs: (key: string) => names.has(key),
    nameOf: (key: string) => names.get(key) ?? queues[key]?.name ?? key,
  };
}
