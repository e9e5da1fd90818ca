import { fold } from "@/server/records/fold.ts";

/** An identifier from a name: "Pháp chế" → "phap_che"; empty while the name has no letter. */
export const keyOf = (name: string): string =>
  fold(name)
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "")
    .slice(0, 56);
