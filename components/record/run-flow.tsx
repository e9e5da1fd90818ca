import { Mail, Target, Undo2, Workflow } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useFormat } from "../ui/locale.tsx";
import type { RecordView } from "./record-screen.tsx";
import { ValuesOf } from "./values-of.tsx";

/** What holds for the whole run: who called it and whom it called, goals, early messages, what can be taken back. */
export function RunFlow({ run }: { run: RecordView["runs"][number] }) {
  const t = useTranslations("record.flow");
  const format = useFormat();
  const { flow, parent, children } = run;
  const row = (Icon: typeof Target, key: string, content: React.ReactNode) => (
    <li key={key} className="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-1.5">
      <Icon aria-hidden className="mt-0.5 size-3.5 text-ink-2" />
      <div className="grid min-w-0 gap-0.5">{content}</div>
    </li>
  );
  const link = (one: (typeof children)[number], label: string) => (
    <p>
      {`${label} `}
      <Link href={`/records/${one.recordId}#${one.id}`} className="font-semibold text-accent-text hover:underline">
        {one.processName}
      </Link>
      <span className="text-ink-3">{` – ${t(`status.${one.status}`)}`}</span>
    </p>
  );
  const rows = [
    parent && row(Workflow, parent.id, link(parent, t("calledBy"))),
    ...children.map((one) => row(Workflow, one.id, link(one, t("calls")))),
    ...(flow?.goals ?? []).map((goal) =>
      row(
        Target,
        `goal ${goal.name}`,
        <>
          <p>{goal.event ? t("goalEvent", { name: goal.name, event: goal.event }) : t("goal", { name: goal.name })}</p>
          {goal.now && <ValuesOf seen={goal.now} label={t("now")} />}
        </>,
      ),
    ),
    ...(flow?.messages ?? []).map((message, i) =>
      row(
        Mail,
        `message ${i}`,
        <p>
          {t(message.key === null ? "kept" : "keptWithKey", {
            event: message.event,
            key: String(message.key),
            until: message.until === null ? "–" : format.dateTime(message.until),
          })}
        </p>,
      ),
    ),
    flow?.compensable.length
      ? row(Undo2, "undo", <p>{t("compensable", { names: flow.compensable.join(", ") })}</p>)
      : null,
  ].filter((one) => one !== null);
  if (rows.length === 0) return null;
  return (
    <ul aria-label={t("whole")} className="grid gap-1.5 text-sm">
      {rows}
    </ul>
  );
}
