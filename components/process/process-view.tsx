"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { buttonLook } from "../ui/button.tsx";
import { shortTarget } from "../canvas/map-model.ts";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import { exitName } from "../canvas/map-model.ts";
import { Status } from "../ui/status.tsx";
import type { Kpis, Report } from "../reports/report-screen.tsx";
import type { Process } from "@/server/engine/process.ts";
import { LineStops, type Stops } from "../operate/line-stops.tsx";
import { LiveMap } from "./live-map.tsx";
import { nestedIn, ownerOf } from "./nesting.ts";
import { RuleUseTables } from "./rule-use.tsx";
import type { OverlayName } from "./overlay-name.ts";

/** Kinds a token stays in. */
const stoppable = new Set(["task", "approval", "wait", "automation", "for_each", "subprocess"]);

type Read = Awaited<ReturnType<Caller["processes"]["read"]>>;

/** A version as an outline in the order of the flow: who does it, until when, where it goes, how much is in it now. */
export function ProcessView({
  process,
  mayEdit,
  behind,
  report,
  kpis,
  overlay,
  days,
  stops,
}: {
  process: Read;
  mayEdit: boolean;
  /** Runs that are on other versions than new ones start on. */
  behind: number;
  report: Report | null;
  kpis: Kpis | null;
  overlay: OverlayName;
  days: number;
  stops: Stops;
}) {
  const t = useTranslations("processes");
  const editor = useTranslations("editor");
  const format = useFormat();
  const { document } = process;
  const stuck = Object.values(process.incidents).reduce((sum, n) => sum + n, 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4 md:p-6">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="text-xl font-semibold">{process.name}</h1>
          <Link href={`/processes/${process.id}/versions`} className={cn(buttonLook({}), "ml-auto")}>
            {t("versions")}
          </Link>
          {mayEdit && process.versions.length > 1 && (
            <Link href={`/processes/${process.id}/migrate`} className={buttonLook({})}>
              {t("moveRuns")}
            </Link>
          )}
          {mayEdit && (
            <Link href={`/processes/${process.id}/edit`} className={cn(buttonLook({ kind: "primary" }))}>
              {t("edit")}
            </Link>
          )}
        </div>
        <p className="text-sm text-ink-2">{document?.summary}</p>
        {behind > 0 && (
          <Link
            href={`/processes/${process.id}/migrate`}
            className="w-fit text-sm font-medium text-accent-text hover:underline"
          >
            {t("behind", { n: behind })}
          </Link>
        )}
        {stuck > 0 && mayEdit && (
          <Link href={`/operate/incidents?process=${process.key}`} className="w-fit">
            <Status kind="breached">{t("incidents", { n: stuck })}</Status>
          </Link>
        )}
      </header>
      {document && process.liveVersion !== null && (
        <LineStops
          process={process.key}
          steps={document.nodes
            .filter((node) => stoppable.has(node.kind))
            .map(({ id, name }) => ({ id, name: name || id }))}
          stops={stops}
          mayStop={mayEdit}
        />
      )}
      {document && (
        <LiveMap
          process={{ ...process, document }}
          report={report}
          kpis={kpis}
          incidents={process.incidents}
          shown={overlay}
          days={days}
        />
      )}
      {document ? (
        <div
          className="overflow-x-auto rounded-lg border border-line bg-surface"
          role="region"
          aria-label={t("steps")}
          tabIndex={0}
        >
          <table className="w-full text-sm">
            <caption className="px-3 pt-2 pb-1 text-left text-xs text-ink-3">
              {t("version", { version: process.version ?? 0 })}
            </caption>
            <thead>
              <tr className="border-b border-line text-left text-xs text-ink-3 [&>th]:px-3 [&>th]:py-1 [&>th]:font-medium">
                <th scope="col">{t("step")}</th>
                <th scope="col">{t("kind")}</th>
                <th scope="col">{t("role")}</th>
                <th scope="col">{t("sla")}</th>
                <th scope="col">{t("goesTo")}</th>
                <th scope="col" className="text-right">
                  {t("now")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows(document).map((node) => (
                <tr key={node.id} className="border-b border-line align-top last:border-0 [&>td]:px-3 [&>td]:py-2">
                  <th
                    scope="row"
                    className="px-3 py-2 text-left font-medium"
                    style={{ paddingLeft: 12 + nestedIn(document, node.id) * 20 }}
                  >
                    {nestedIn(document, node.id) > 0 && <span className="sr-only">{`${t("inside")} `}</span>}
                    {node.name || node.id}
                  </th>
                  <td className="text-ink-2">{t(`kinds.${node.kind}`)}</td>
                  <td className="text-ink-2">{node.role ? (document.roles[node.role]?.name ?? node.role) : ""}</td>
                  <td className="text-ink-2">
                    {(node.slas ?? [])
                      .map(
                        (s) =>
                          `${document.slas[s]?.name ?? s} (${shortTarget(document.slas[s]?.target ?? "", editor)})`,
                      )
                      .join(", ")}
                  </td>
                  <td className="text-ink-2">
                    {document.edges
                      .filter((e) => e.from === node.id)
                      .map((e) => (
                        <span key={e.id} className={cn("block", e.rework && "text-risk")}>
                          {e.rework ? "↩ " : "→ "}
                          {document.nodes.find((n) => n.id === e.to)?.name ?? e.to}
                          {(e.label ?? e.when) && <span className="text-ink-3">{` – ${e.label ?? e.when}`}</span>}
                          {!e.label && !e.when && node.boundary?.some((b) => b.id === e.port) && (
                            <span className="text-ink-3">{` – ${exitName(document, node, e.port ?? "", editor)}`}</span>
                          )}
                          {e.cap !== undefined && (
                            <span className="text-ink-3">{` ${editor("flow.cap", { n: e.cap })}`}</span>
                          )}
                          {e.otherwise && !e.label && <span className="text-ink-3">{` – ${t("otherwise")}`}</span>}
                        </span>
                      ))}
                  </td>
                  <td className="text-right tabular-nums">
                    {process.wip[node.id] ?? ""}
                    {(process.incidents[node.id] ?? 0) > 0 && (
                      <Status kind="breached" className="ml-2">
                        {t("stuckIn", { n: process.incidents[node.id] ?? 0 })}
                      </Status>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="rounded-lg border border-line bg-surface p-4 text-sm text-ink-2">{t("neverPublished")}</p>
      )}
      {document && <RuleUseTables document={document} use={process.use} />}
      {process.versions.length > 0 && (
        <section aria-label={t("versions")} className="rounded-lg border border-line bg-surface p-4">
          <h2 className="mb-2 text-sm font-semibold">{t("versions")}</h2>
          <ol className="grid gap-1 text-sm">
            {process.versions.map((v) => (
              <li key={v.version} className="flex flex-wrap gap-2">
                <Link
                  href={`/processes/${process.id}?v=${v.version}`}
                  className="font-semibold text-accent-text hover:underline"
                >{`v${v.version}`}</Link>
                <span>{v.note}</span>
                <span className="ml-auto text-xs text-ink-3">
                  {[v.author, format.dateTime(v.publishedAt)].filter(Boolean).join(" · ")}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

/** Steps as they stand in the document, what is inside a step right below it. */
function rows(document: Process): Process["nodes"] {
  const below = (owner: string | null): Process["nodes"] =>
    document.nodes.filter((node) => ownerOf(document, node.id) === owner).flatMap((node) => [node, ...below(node.id)]);
  return below(null);
}
