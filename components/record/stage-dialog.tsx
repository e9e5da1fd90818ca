"use client";
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Missing } from "./missing.tsx";
import type { RecordView } from "./record-screen.tsx";

/** What keeps a record from being moved to a stage by hand: filled in here and saved with it, or why it cannot be. */
export function StageDialog({
  record,
  to,
  open,
  onClose,
}: {
  record: RecordView;
  /** Null while nothing is asked. */
  to: string | null;
  open: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("stage");
  const client = useTRPCClient();
  const field = record.fields.find(({ name }) => name === record.stageField);
  const asked = useQuery({
    queryKey: ["stage", record.id, record.version, to],
    queryFn: () => client.records.stage.query({ id: record.id, to: to ?? "" }),
    enabled: open && to !== null,
    staleTime: 0,
    // A record that changed is looked at again behind the form: what is typed into it stays.
    placeholderData: (before, query) =>
      query?.queryKey[1] === record.id && query.queryKey[3] === to ? before : undefined,
  });
  const name = field?.options?.find(({ value }) => value === to)?.label ?? to ?? "";
  const view = asked.data;
  return (
    <Dialog open={open} onClose={onClose} title={t("title", { field: field?.label ?? "", to: name })}>
      <div className="grid gap-3">
        {asked.isPending && (
          <p role="status" className="text-sm text-ink-3">
            {t("looking")}
          </p>
        )}
        {asked.error && (
          <p role="alert" className="text-sm text-breach">
            {refusalOf(asked.error).text}
          </p>
        )}
        {view?.step && (
          <p className="text-sm text-ink-2">{t("why", { step: view.step, process: view.process ?? "" })}</p>
        )}
        {view?.refusal && (
          <p role="alert" className="flex items-start gap-2 rounded-md bg-risk-bg px-3 py-2 text-sm text-risk">
            <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
            {view.refusal}
          </p>
        )}
        {view && !view.refusal && to !== null && record.stageField && (
          <Missing
            step={null}
            parts={view.parts}
            also={{
              recordId: record.id,
              seen: record.version,
              values: { [record.stageField]: to },
              label: t("save", { to: name }),
              onSaved: onClose,
              onRefused: () => void asked.refetch(),
            }}
          />
        )}
        {view?.task && (
          <Link
            href={`/inbox?task=${view.task}`}
            className="justify-self-start text-sm font-semibold text-accent-text hover:underline"
          >
            {t("task", { step: view.step ?? "" })}
          </Link>
        )}
        <Button className="justify-self-end" onClick={onClose}>
          {t("leave")}
        </Button>
      </div>
    </Dialog>
  );
}
