"use client";
import {
  ListTree,
  Map as MapIcon,
  Pencil,
  Redo2,
  Search,
  Settings2,
  Sparkles,
  Trash2,
  Undo2,
  Upload,
} from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button, buttonLook } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { useFormat } from "../ui/locale.tsx";
import type { EditorState } from "./use-editor.ts";

export type View = "map" | "outline";

/** What is edited, whether it is saved, and what can be done with the whole of it. */
export function EditorHeader({
  editor,
  id,
  baseVersion,
  view,
  onView,
  onFind,
  onTidy,
  onSettings,
  onConflict,
  onDiscard,
  onPublish,
}: {
  editor: EditorState;
  id: string;
  baseVersion: number | null;
  view: View;
  onView: (view: View) => void;
  onFind: () => void;
  onTidy: () => void;
  onSettings: () => void;
  onConflict: () => void;
  onDiscard: (() => void) | null;
  onPublish: () => void;
}) {
  const t = useTranslations("editor");
  const format = useFormat();
  const { save, savedAt, problem } = editor.draft;
  const bad = save === "conflict" || save === "failed";
  const tool = (Icon: typeof Undo2, label: string, keys: string, act: () => void, disabled = false) => (
    <Button
      kind="quiet"
      className="w-8 px-0"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      disabled={disabled}
      onClick={act}
    >
      <Icon aria-hidden className="size-4" />
    </Button>
  );
  const viewButton = (one: View, Icon: typeof Undo2) => (
    <button
      type="button"
      aria-pressed={view === one}
      title={`${t(`views.${one}`)} (M)`}
      onClick={() => onView(one)}
      className="flex h-7 items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium text-ink-2 aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-raised"
    >
      <Icon aria-hidden className="size-4" />
      {t(`views.${one}`)}
    </button>
  );
  return (
    <header
      data-region="header"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-2"
    >
      <h1 className="max-w-72 truncate text-lg font-semibold" title={editor.doc.name}>
        {editor.doc.name}
      </h1>
      <span className="inline-flex h-5 items-center gap-1 rounded-full bg-accent-soft px-2 text-2xs font-semibold text-accent-text">
        <Pencil aria-hidden className="size-3" />
        {baseVersion ? t("draftFrom", { version: baseVersion }) : t("firstDraft")}
      </span>
      <span className="flex items-center gap-1.5 text-xs text-ink-3">
        <span role="status" className={cn(bad && "font-semibold text-breach")}>
          {bad ? problem || t(`save.${save}`) : t(`save.${save}`)}
        </span>
        {save === "saved" && savedAt !== null && <span>{format.moment(savedAt)}</span>}
        {baseVersion !== null && <span>{`· ${t("changesCount", { n: editor.changes.length })}`}</span>}
      </span>
      {save === "conflict" && (
        <Button size="small" onClick={onConflict}>
          {t("conflict.choose")}
        </Button>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-1">
        <span role="group" aria-label={t("view")} className="mr-1 flex rounded-md border border-line bg-sunken p-0.5">
          {viewButton("map", MapIcon)}
          {viewButton("outline", ListTree)}
        </span>
        {tool(Undo2, t("undo"), "Ctrl Z", editor.undo, editor.history.past.length === 0)}
        {tool(Redo2, t("redo"), "Ctrl Y", editor.redo, editor.history.future.length === 0)}
        {tool(Sparkles, t("tidy"), "Shift Alt T", onTidy)}
        {tool(Search, t("find"), "Ctrl F", onFind)}
        {tool(Settings2, t("processSettings"), "", onSettings)}
        {onDiscard && tool(Trash2, t("discard"), "", onDiscard)}
        <Link href={`/processes/${id}/versions`} className={buttonLook({})}>
          {t("versions")}
        </Link>
        <Button kind="primary" onClick={onPublish}>
          <Upload aria-hidden className="size-4" />
          {t("publish")}
        </Button>
      </span>
    </header>
  );
}
