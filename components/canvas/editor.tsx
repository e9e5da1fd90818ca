"use client";
import { Redo2, Trash2, Undo2, Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { isTyping } from "../shell/commands.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { AddStep } from "./add-step.tsx";
import { addAfter, connect, duplicate, readingOrder, removeEdge, removeNode, setNode } from "./document.ts";
import { Inspector } from "./inspector.tsx";
import { EditorMap } from "./editor-map.tsx";
import { Problems } from "./problems-list.tsx";
import { PublishSheet } from "./publish-sheet.tsx";
import { useEditor } from "./use-editor.ts";

type Opened = Awaited<ReturnType<Caller["processes"]["edit"]>>;

/** Draw, look, publish. Everything can be done by key, by one click, and undone. */
export function Editor({ opened, fields }: { opened: Opened; fields: string[] }) {
  const t = useTranslations("editor");
  const router = useRouter();
  const editor = useEditor(opened);
  const [adding, setAdding] = useState<string | null>(null);
  const [connecting, setConnecting] = useState<string | null>(null);
  const [publishing, setPublishing] = useState(false);
  const { doc, selected, select, run } = editor;
  const order = readingOrder(doc);
  const isEdge = selected !== null && doc.edges.some((e) => e.id === selected);

  function add(after: string, kind: Parameters<typeof addAfter>[2]) {
    const made = addAfter(doc, after, kind);
    run(t("did.add", { kind: t(`kinds.${kind}`) }), () => made.doc);
    select(made.id);
    setAdding(null);
  }
  function remove() {
    if (!selected) return;
    if (isEdge) run(t("did.disconnect"), (d) => removeEdge(d, selected));
    else
      run(t("did.remove", { name: doc.nodes.find((n) => n.id === selected)?.name ?? selected }), (d) =>
        removeNode(d, selected),
      );
    select(null);
  }

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const inField = (event.target as HTMLElement).closest("input, textarea, select, [role=dialog]") !== null;
      if (command && !inField && (key === "y" || (key === "z" && event.shiftKey))) editor.redo();
      else if (command && !inField && key === "z") editor.undo();
      else if (command && !inField && key === "d" && selected && !isEdge) {
        const made = duplicate(doc, selected);
        run(t("did.duplicate"), () => made.doc);
        select(made.id);
      } else if (isTyping(event)) return;
      else if (key === "a" && selected && !isEdge) setAdding(selected);
      else if (key === "c" && selected && !isEdge) setConnecting(selected);
      else if (key === "delete" || key === "backspace") remove();
      else if (key === "f8") select(editor.problems.find((p) => p.node && p.node !== selected)?.node ?? selected);
      else if ((key === "arrowright" || key === "arrowdown") && (event.target as HTMLElement).tagName !== "BUTTON")
        select(order[Math.min(order.length - 1, order.indexOf(selected ?? "") + 1)] ?? null);
      else if ((key === "arrowleft" || key === "arrowup") && (event.target as HTMLElement).tagName !== "BUTTON")
        select(order[Math.max(0, order.indexOf(selected ?? "") - 1)] ?? null);
      else return;
      event.preventDefault();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

  const errors = editor.problems.filter((p) => p.severity === "error").length;
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <header className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
        <h1 className="text-lg font-semibold">{doc.name}</h1>
        <span className="rounded-full bg-accent-soft px-2 text-2xs leading-5 font-semibold text-accent-text">
          {opened.baseVersion ? t("draftFrom", { version: opened.baseVersion }) : t("firstDraft")}
        </span>
        <span
          className={cn(
            "text-xs text-ink-3",
            (editor.save === "conflict" || editor.save === "failed") && "text-breach",
          )}
          role="status"
        >
          {editor.save === "conflict" || editor.save === "failed" ? editor.said : t(`save.${editor.save}`)}
        </span>
        {editor.save === "conflict" && (
          <Button size="small" onClick={() => router.refresh()}>
            {t("reload")}
          </Button>
        )}
        <span className="ml-auto flex gap-1">
          <Button
            kind="quiet"
            aria-label={t("undo")}
            title={t("undo")}
            disabled={editor.history.past.length === 0}
            onClick={editor.undo}
          >
            <Undo2 aria-hidden className="size-4" />
          </Button>
          <Button
            kind="quiet"
            aria-label={t("redo")}
            title={t("redo")}
            disabled={editor.history.future.length === 0}
            onClick={editor.redo}
          >
            <Redo2 aria-hidden className="size-4" />
          </Button>
          <Button kind="quiet" aria-label={t("remove")} title={t("remove")} disabled={!selected} onClick={remove}>
            <Trash2 aria-hidden className="size-4" />
          </Button>
          <Button disabled={!selected || isEdge} onClick={() => selected && setAdding(selected)}>
            {t("addAfter")}
          </Button>
          <Button kind="primary" onClick={() => void editor.saveNow().then(() => setPublishing(true))}>
            <Upload aria-hidden className="size-4" />
            {t("publish")}
          </Button>
        </span>
      </header>
      <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(24rem,1fr)_auto]">
          <EditorMap
            doc={doc}
            problems={editor.problems}
            selected={selected}
            onSelect={select}
            onAdd={setAdding}
            onConnect={(from, to) => run(t("did.connect"), (d) => connect(d, from, to))}
            onMove={(id, position) => run(t("did.move"), (d) => setNode(d, id, { position }))}
          />
          <Problems problems={editor.problems} doc={doc} onGo={select} />
        </div>
        <Inspector
          editor={editor}
          fields={fields}
          connecting={connecting === selected}
          onConnected={() => setConnecting(null)}
        />
      </div>
      <p className="sr-only" aria-live="polite">
        {editor.said}
      </p>
      <AddStep open={adding !== null} onClose={() => setAdding(null)} onAdd={(kind) => adding && add(adding, kind)} />
      <PublishSheet
        open={publishing}
        onClose={() => setPublishing(false)}
        id={opened.id}
        errors={errors}
        revision={editor.revision}
        onDone={() => router.push(`/processes/${opened.id}`)}
      />
    </div>
  );
}
