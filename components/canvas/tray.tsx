"use client";
import { ChevronDown, CircleAlert, History as HistoryIcon, Play } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Problem } from "@/server/engine/checks/problems.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Status } from "../ui/status.tsx";
import { setNode } from "./document.ts";
import { stepName } from "./map-model.ts";
import type { EditorState } from "./use-editor.ts";

/** Below the map: what is wrong, errors first, and what was done, to go back or forth in. */
export function Tray({ editor, onPlay }: { editor: EditorState; onPlay: (problem: Problem) => void }) {
  const t = useTranslations("editor");
  const [open, setOpen] = useState<"problems" | "history" | null>("problems");
  const { problems } = editor;
  const errors = problems.filter((p) => p.severity === "error").length;
  const tab = (id: "problems" | "history", Icon: typeof CircleAlert, label: string) => (
    <button
      type="button"
      aria-expanded={open === id}
      onClick={() => setOpen(open === id ? null : id)}
      className={cn(
        "flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent text-sm font-medium text-ink-2 hover:text-ink",
        open === id && "border-accent text-ink",
      )}
    >
      <Icon aria-hidden className={cn("size-4", id === "problems" && errors > 0 && "text-breach")} />
      {label}
    </button>
  );
  return (
    <section data-region="tray" aria-label={t("tray")} className="border-t border-line bg-surface">
      <div className="flex items-center gap-5 px-4">
        {tab("problems", CircleAlert, t("problems", { n: problems.length }))}
        {tab("history", HistoryIcon, t("historyTitle"))}
        <span className="ml-auto min-w-0 truncate text-xs text-ink-3">
          {errors > 0 ? t("errorsLeft", { n: errors }) : t("nothingBlocks")}
          {problems.length > 0 && ` · ${t("f8")}`}
        </span>
        {open && (
          <button
            type="button"
            aria-label={t("foldTray")}
            title={t("foldTray")}
            className="grid size-7 place-items-center rounded-md text-ink-3 hover:bg-sunken"
            onClick={() => setOpen(null)}
          >
            <ChevronDown aria-hidden className="size-4" />
          </button>
        )}
      </div>
      {open === "problems" && (
        <div
          className="max-h-36 overflow-auto"
          role="region"
          aria-label={t("problems", { n: problems.length })}
          tabIndex={0}
        >
          {problems.length === 0 && (
            <p className="border-t border-line px-4 py-2 text-sm text-ink-2">{t("noProblems")}</p>
          )}
          <ul>
            {problems.map((p, i) => (
              <ProblemRow key={`${p.code}${p.node ?? p.edge ?? ""}${i}`} editor={editor} problem={p} onPlay={onPlay} />
            ))}
          </ul>
        </div>
      )}
      {open === "history" && <HistoryList editor={editor} />}
    </section>
  );
}

function ProblemRow({
  editor,
  problem,
  onPlay,
}: {
  editor: EditorState;
  problem: Problem;
  onPlay: (problem: Problem) => void;
}) {
  const t = useTranslations("editor");
  const place = problem.edge ?? problem.node;
  const fix = quickFix(editor, problem, t);
  return (
    <li className="flex flex-wrap items-center gap-x-3 border-t md:flex-nowrap border-line px-4 py-1 text-sm">
      <Status kind={problem.severity === "error" ? "breached" : "at_risk"}>{t(problem.severity)}</Status>
      <span className="min-w-0 flex-1 truncate font-semibold md:w-40 md:flex-none">
        {problem.node ? stepName(editor.doc, problem.node, t) : t("process")}
      </span>
      <span
        className="order-last basis-full text-ink-2 md:order-none md:min-w-0 md:flex-1 md:truncate"
        title={problem.text}
      >
        {problem.text}
      </span>
      {fix && (
        <Button size="small" onClick={fix.act}>
          {fix.label}
        </Button>
      )}
      {problem.game && (
        <Button
          size="small"
          aria-label={t("play.openLabel", {
            name: problem.node ? stepName(editor.doc, problem.node, t) : t("process"),
          })}
          onClick={() => onPlay(problem)}
        >
          <Play aria-hidden className="size-3.5" />
          {t("play.open")}
        </Button>
      )}
      {place && (
        <Button size="small" kind="quiet" onClick={() => editor.go(problem)}>
          {t("go")}
        </Button>
      )}
    </li>
  );
}

/** What mends a problem in one step, where there is one obvious thing to do. */
function quickFix(editor: EditorState, problem: Problem, t: ReturnType<typeof useTranslations<"editor">>) {
  const { doc, run } = editor;
  const node = doc.nodes.find((n) => n.id === problem.node);
  if (problem.code === "NO_ROLE" && node) {
    const [key, role] = Object.entries(doc.roles)[0] ?? [];
    if (key && role)
      return {
        label: t("fix.role", { name: role.name }),
        act: () => run(t("did.role", { name: role.name }), (d) => setNode(d, node.id, { role: key })),
      };
  }
  if (problem.code === "NO_OTHERWISE" && node) {
    const last = doc.edges.filter((e) => e.from === node.id).at(-1);
    if (last)
      return {
        label: t("fix.otherwise"),
        act: () =>
          run(t("did.condition"), (d) => ({
            ...d,
            edges: d.edges.map((e) => {
              if (e.id !== last.id) return e;
              const { when: _, ...rest } = e;
              return { ...rest, otherwise: true };
            }),
          })),
      };
  }
  return null;
}

/** Every entry, newest last; pressing one goes to the state after it. */
function HistoryList({ editor }: { editor: EditorState }) {
  const t = useTranslations("editor");
  const { past, future } = editor.history;
  const entries = [t("opened"), ...past.map((e) => e.label), ...future.map((e) => e.label)];
  return (
    <ol className="max-h-36 overflow-auto" aria-label={t("historyTitle")}>
      {entries
        .map((label, i) => ({ label, i }))
        .reverse()
        .map(({ label, i }) => (
          <li key={i} className="border-t border-line">
            <button
              type="button"
              aria-current={i === past.length ? "step" : undefined}
              onClick={() => editor.travel(i)}
              className={cn(
                "flex h-7 w-full items-center gap-3 px-4 text-left text-sm hover:bg-sunken",
                i > past.length && "text-ink-3",
                i === past.length && "font-semibold",
              )}
            >
              <span className="w-6 text-right text-xs text-ink-3 tabular-nums">{i}</span>
              {label}
            </button>
          </li>
        ))}
    </ol>
  );
}
