"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { WhyView } from "@/server/inbox/read-why.ts";
import { refusalOf } from "../api.tsx";
import { decimalsOf } from "../inbox/form-field.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { WhyWords } from "./why-words.tsx";

/** An explanation in its dialog: that it is being looked for, that it cannot be had, or what it says, in the record's words. */
export function WhyFrame<Found extends { fields: WhyView["fields"] }>({
  title,
  looking,
  shown,
  currency,
  open,
  onClose,
  children,
}: {
  title: string;
  looking: string;
  shown: Pick<UseQueryResult<Found>, "isPending" | "error" | "data">;
  currency: string;
  open: boolean;
  onClose: () => void;
  children: (found: Found) => ReactNode;
}) {
  return (
    <Dialog open={open} onClose={onClose} title={title} wide>
      {shown.isPending && (
        <p role="status" className="text-sm text-ink-2">
          {looking}
        </p>
      )}
      {shown.error && (
        <p role="alert" className="text-sm text-breach">
          {refusalOf(shown.error).text}
        </p>
      )}
      {shown.data && (
        <WhyWords
          value={{
            fields: shown.data.fields,
            money: { currency, decimals: decimalsOf(currency) },
            onFollow: onClose,
          }}
        >
          {children(shown.data)}
        </WhyWords>
      )}
    </Dialog>
  );
}
