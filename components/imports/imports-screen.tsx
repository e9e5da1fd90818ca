"use client";
import { FileUp } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Empty } from "../ui/empty.tsx";
import { useFormat } from "../ui/locale.tsx";
import { ChooseFile } from "./choose-file.tsx";
import { ImportResult } from "./import-result.tsx";
import { LogFlow } from "./log-flow.tsx";
import { TableFlow } from "./table-flow.tsx";
import type { Handed, Past, ProcessChoice, RecordTypes } from "./types.ts";

/** Bring a file in: what it is, which column is what, what would come of it, then the result, which can be taken back. */
export function ImportsScreen({
  past,
  types,
  processes,
  shown,
}: {
  past: Past[];
  types: RecordTypes;
  processes: ProcessChoice[];
  shown: string | null;
}) {
  const t = useTranslations("imports");
  const router = useRouter();
  const [handed, setHanded] = useState<Handed | null>(null);
  const [kind, setKind] = useState<"table" | "log">("table");
  const started = (id: string) => {
    setHanded(null);
    router.push(`/imports?id=${id}`);
  };
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <div className="flex flex-wrap items-center gap-2">
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        {(handed || shown) && (
          <Button
            className="ml-auto"
            onClick={() => {
              setHanded(null);
              router.push("/imports");
            }}
          >
            {t("another")}
          </Button>
        )}
      </div>
      {handed ? (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
            <span className="min-w-0 truncate font-medium">{handed.inspected.fileName}</span>
            {handed.inspected.columns.length > 0 && (
              <div role="radiogroup" aria-label={t("whatIsIt")} className="flex flex-wrap gap-x-4">
                {(["table", "log"] as const).map((one) => (
                  <label key={one} className="flex min-h-6 items-center gap-1.5">
                    <input
                      type="radio"
                      name="kind"
                      className="size-4 accent-accent"
                      checked={kind === one}
                      onChange={() => setKind(one)}
                    />
                    {t(`kind.${one}`)}
                  </label>
                ))}
              </div>
            )}
          </div>
          {kind === "log" ? (
            <LogFlow key={handed.upload} handed={handed} types={types} onStarted={started} />
          ) : (
            <TableFlow key={handed.upload} handed={handed} types={types} processes={processes} onStarted={started} />
          )}
        </>
      ) : shown ? (
        <ImportResult key={shown} id={shown} />
      ) : (
        <ChooseFile
          onHanded={(one) => {
            setHanded(one);
            setKind(one.inspected.kind);
          }}
        />
      )}
      {!handed && <PastImports past={past} types={types} />}
    </div>
  );
}

function PastImports({ past, types }: { past: Past[]; types: RecordTypes }) {
  const t = useTranslations("imports");
  const format = useFormat();
  if (past.length === 0) return <Empty icon={FileUp} title={t("nothing")} text={t("nothingText")} />;
  const what = ({ kind, recordType, process }: Past) =>
    kind === "log" ? t("kind.log") : (types.find(({ key }) => key === recordType)?.label ?? process ?? "");
  return (
    <div className="grid min-w-0 gap-2">
      <h2 className="text-base font-semibold">{t("past")}</h2>
      <div
        role="region"
        tabIndex={0}
        aria-label={t("past")}
        className="overflow-x-auto rounded-lg border border-line bg-surface"
      >
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left text-xs text-ink-3">
              {(["file", "kindOf", "when", "came", "failed", "stateOf"] as const).map((key) => (
                <th
                  key={key}
                  scope="col"
                  className={cn(
                    "px-3 py-1.5 font-medium whitespace-nowrap",
                    (key === "came" || key === "failed") && "text-right",
                  )}
                >
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {past.map((one) => (
              <tr key={one.id} className="h-9 border-b border-line last:border-0 hover:bg-sunken">
                <th scope="row" className="max-w-72 truncate px-3 text-left font-medium">
                  <Link href={`/imports?id=${one.id}`} className="hover:underline">
                    {one.fileName.replace(/^.*[\\/]/, "")}
                  </Link>
                </th>
                <td className="px-3 whitespace-nowrap text-ink-2">{what(one)}</td>
                <td className="px-3 whitespace-nowrap text-ink-3">{format.moment(one.createdAt)}</td>
                <td className="px-3 text-right tabular-nums">{format.number(one.created + one.updated)}</td>
                <td className="px-3 text-right tabular-nums">{format.number(one.failed)}</td>
                <td className="px-3 whitespace-nowrap text-ink-2">
                  {t(
                    `state.${one.state === "done" || one.state === "running" || one.state === "undone" ? one.state : "stopped"}`,
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
