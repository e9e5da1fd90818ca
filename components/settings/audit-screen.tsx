"use client";
import { Download } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { saveFile } from "../save-file.ts";
import { Button, buttonLook } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";
import { Status } from "../ui/status.tsx";
import { Screen } from "./screen.tsx";

type Audit = Awaited<ReturnType<Caller["audit"]["list"]>>;
export type AuditAsked = { area: string; actor: string; from: string; to: string };
type Filter = NonNullable<Parameters<Caller["audit"]["export"]>[0]>;
const areas = ["settings", "processes", "runs", "work", "records", "rights"] as const;

/** Who did what, newest first. The filter stands in the address; the next page begins where this one ends. */
export function AuditScreen({
  audit,
  asked,
  filter,
  people,
}: {
  audit: Audit;
  asked: AuditAsked;
  filter: Filter;
  people: { id: string; name: string }[];
}) {
  const t = useTranslations("settings.audit");
  const format = useFormat();
  const router = useRouter();
  const client = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const address = (more: Record<string, string>) => {
    const parts = Object.entries({ ...asked, ...more }).filter(([, value]) => value !== "");
    return `/settings/audit?${new URLSearchParams(parts).toString()}`;
  };
  async function exportCsv() {
    setBusy(true);
    try {
      const { csv, complete } = await client.audit.export.query(filter);
      saveFile("audit.csv", csv, "text/csv;charset=utf-8");
      toast(t(complete ? "exported" : "exportedPart"));
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
    setBusy(false);
  }
  return (
    <Screen
      title={t("title")}
      text={t("text")}
      actions={
        <Button disabled={busy || audit.entries.length === 0} onClick={() => void exportCsv()}>
          <Download aria-hidden className="size-4" />
          {t("export")}
        </Button>
      }
    >
      <form
        key={JSON.stringify(asked)}
        className="grid gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_auto_auto_auto] lg:items-end"
        onSubmit={(e) => {
          e.preventDefault();
          const form = new FormData(e.currentTarget);
          const text = (name: string) => String(form.get(name) ?? "");
          router.push(address({ area: text("area"), actor: text("actor"), from: text("from"), to: text("to") }));
        }}
      >
        <Field label={t("area")}>
          {(ids) => (
            <select {...ids} name="area" defaultValue={asked.area} className={inputLook}>
              <option value="">{t("everything")}</option>
              {areas.map((one) => (
                <option key={one} value={one}>
                  {t(`areas.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("who")}>
          {(ids) => (
            <select {...ids} name="actor" defaultValue={asked.actor} className={inputLook}>
              <option value="">{t("everybody")}</option>
              {people.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("from")}>
          {(ids) => <input {...ids} name="from" type="date" defaultValue={asked.from} className={inputLook} />}
        </Field>
        <Field label={t("to")}>
          {(ids) => <input {...ids} name="to" type="date" defaultValue={asked.to} className={inputLook} />}
        </Field>
        <Button type="submit" className="h-9">
          {t("filter")}
        </Button>
      </form>
      {audit.entries.length === 0 ? (
        <p className="text-sm text-ink-2">{t("none")}</p>
      ) : (
        <ol className="divide-y divide-line rounded-lg border border-line bg-surface" aria-label={t("title")}>
          {audit.entries.map((one) => (
            <li key={one.id} className="grid gap-x-3 gap-y-0.5 p-3 text-sm sm:grid-cols-[11rem_minmax(0,1fr)]">
              <span className="text-xs text-ink-3 tabular-nums">
                {format.dateTime(one.at)}
                <span className="block">{one.id.startsWith("#") ? one.id : ""}</span>
              </span>
              <div className="grid min-w-0 gap-0.5">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-semibold">{one.actor || t("system")}</span>
                  {one.byKey && <Status kind="info">{t("byKey")}</Status>}
                  <span>{t.has(`what.${one.what}`) ? t(`what.${one.what}`) : one.what}</span>
                  <Subject entry={one} />
                  {!one.ok && <Status kind="blocked">{t("refused")}</Status>}
                </p>
                {one.detail && <p className="break-words text-ink-2">{one.detail}</p>}
                {(one.from !== null || one.to !== null) && (
                  <details className="text-xs text-ink-2">
                    <summary className="w-fit cursor-pointer py-0.5">{t("details")}</summary>
                    <dl className="grid gap-1">
                      {one.from !== null && <Value label={t("before")} value={one.from} />}
                      {one.to !== null && <Value label={t("after")} value={one.to} />}
                    </dl>
                  </details>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      {audit.next && (
        <Link
          href={address({ seq: String(audit.next.seq), audit: audit.next.audit })}
          className={buttonLook({ className: "w-fit" })}
        >
          {t("older")}
        </Link>
      )}
    </Screen>
  );
}

function Subject({ entry: { shown, subject } }: { entry: Audit["entries"][number] }) {
  return shown ? (
    <Link href={shown.href} title={subject} className="min-w-0 break-words text-accent-text hover:underline">
      {shown.title}
    </Link>
  ) : (
    <span className="min-w-0 break-words text-ink-2">{subject}</span>
  );
}

const Value = ({ label, value }: { label: string; value: unknown }) => (
  <div>
    <dt className="font-medium">{label}</dt>
    <dd className="font-mono break-all whitespace-pre-wrap">
      {typeof value === "string" ? value : JSON.stringify(value, null, 1)}
    </dd>
  </div>
);
