"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Process, type StepKindId, stepKinds } from "@/server/engine/process.ts";
import { icons } from "../process/step-look.ts";
import { Dialog } from "../ui/dialog.tsx";
import { cn } from "../ui/cn.ts";
import { inputLook } from "../ui/field.tsx";
import { tile } from "./step-frame.tsx";
import { folded } from "./walk.ts";

/** What usually follows a kind; what follows it in this process comes before that. */
const usual: Record<StepKindId, StepKindId[]> = {
  start: ["task", "automation", "decision"],
  task: ["decision", "task", "approval"],
  approval: ["automation", "task", "end"],
  decision: ["task", "end", "automation"],
  parallel: ["task", "approval", "automation"],
  inclusive: ["task", "approval", "automation"],
  join: ["task", "decision", "end"],
  wait: ["task", "automation", "decision"],
  automation: ["task", "wait", "end"],
  for_each: ["decision", "task", "end"],
  subprocess: ["decision", "task", "end"],
  end: [],
};

function likely(doc: Process, after: StepKindId | null): StepKindId[] {
  if (!after) return [];
  const counts = new Map<StepKindId, number>(usual[after].map((kind, i) => [kind, 1 - i * 0.1]));
  for (const edge of doc.edges) {
    const from = doc.nodes.find((n) => n.id === edge.from)?.kind;
    const to = doc.nodes.find((n) => n.id === edge.to)?.kind;
    if (from === after && to) counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([kind]) => kind)
    .slice(0, 3);
}

/** Which kind of step: likely ones first, typing finds, arrows choose, Enter takes. */
export function AddStep({
  doc,
  after,
  title,
  only,
  open,
  onClose,
  onAdd,
}: {
  doc: Process;
  after: StepKindId | null;
  title: string;
  /** Kinds that may stand here. */
  only: readonly StepKindId[];
  open: boolean;
  onClose: () => void;
  onAdd: (kind: StepKindId) => void;
}) {
  const t = useTranslations("editor");
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const first = likely(doc, after).filter((k) => only.includes(k));
  const words = (k: StepKindId) => folded(`${t(`kinds.${k}`)} ${t(`about.${k}`)} ${t(`synonyms.${k}`)} ${k}`);
  const found = [...first, ...only.filter((k) => !first.includes(k))].filter((k) =>
    words(k).includes(folded(text.trim())),
  );
  // A kind whose name begins with what was typed is what was meant.
  const typed = folded(text.trim());
  const kinds = typed
    ? [...found].sort(
        (a, b) => Number(folded(t(`kinds.${b}`)).startsWith(typed)) - Number(folded(t(`kinds.${a}`)).startsWith(typed)),
      )
    : found;
  const take = (kind: StepKindId) => {
    setText("");
    setAt(0);
    onAdd(kind);
  };
  return (
    <Dialog
      open={open}
      onClose={() => {
        setText("");
        setAt(0);
        onClose();
      }}
      title={title}
    >
      <input
        className={inputLook}
        role="combobox"
        aria-expanded="true"
        aria-controls="step-kinds"
        aria-activedescendant={kinds[at] ? `kind-${kinds[at]}` : undefined}
        aria-label={t("findKind")}
        placeholder={t("findKind")}
        autoFocus
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.key === "ArrowDown") setAt(Math.min(at + 1, kinds.length - 1));
          else if (e.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (e.key === "Enter" && kinds[at]) take(kinds[at]);
          else return;
          e.preventDefault();
        }}
      />
      <div id="step-kinds" role="listbox" aria-label={title} className="mt-2 grid gap-0.5">
        {kinds.map((kind, i) => {
          const Icon = icons[kind];
          return (
            <div
              key={kind}
              id={`kind-${kind}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              onClick={() => take(kind)}
              onKeyDown={(e) => e.key === "Enter" && take(kind)}
              className={cn(
                "flex cursor-pointer items-center gap-3 rounded-md px-2 py-1.5 hover:bg-sunken",
                i === at && "bg-accent-soft",
              )}
            >
              <span className={cn("grid size-8 shrink-0 place-items-center rounded-md", tile[kind])}>
                <Icon aria-hidden className="size-4" />
              </span>
              <span className="grid">
                <span className="text-sm font-semibold">{t(`kinds.${kind}`)}</span>
                <span className="text-xs text-ink-2">{t(`about.${kind}`)}</span>
              </span>
              {!typed && first.includes(kind) && <span className="ml-auto text-2xs text-ink-2">{t("likely")}</span>}
            </div>
          );
        })}
      </div>
      {kinds.length === 0 && <p className="px-2 py-3 text-sm text-ink-2">{t("noKind")}</p>}
    </Dialog>
  );
}

export const addable = stepKinds.filter((k) => k !== "start");
