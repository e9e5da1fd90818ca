"use client";
import { Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { addTables } from "@/server/engine/add-tables.ts";
import { refusalOf, useTRPCClient } from "../../api.tsx";
import type { EditorState } from "../use-editor.ts";

const mostBytes = 900_000;

/** Takes the decision tables of a DMN file into the draft, as one step that can be undone; says what could not be taken. */
export function TableImport({ editor, onTaken }: { editor: EditorState; onTaken: (table: string) => void }) {
  const t = useTranslations("editor.table");
  const client = useTRPCClient();
  const file = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  // The button stands at the end of a long panel, and what is said stands below it.
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (told.length) list.current?.scrollIntoView({ block: "nearest" });
  }, [told]);
  async function take(chosen: File) {
    if (chosen.size > mostBytes) return setTold([t("tooLarge")]);
    setBusy(true);
    try {
      const taken = await client.processes.readTables.mutate({ file: await chosen.text(), document: editor.doc });
      const { added } = addTables(editor.doc, taken);
      if (added.length > 0) editor.run(t("imported", { n: added.length }), (d) => addTables(d, taken).process);
      setTold([added.length > 0 ? t("imported", { n: added.length }) : t("noTable"), ...taken.told]);
      if (added.length === 1 && taken.told.length === 0) onTaken(added[0]!);
    } catch (error) {
      setTold([refusalOf(error).text]);
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="grid gap-1">
      <button
        type="button"
        disabled={busy}
        className="inline-flex h-7 w-fit items-center gap-1 text-xs font-semibold text-accent-text hover:underline disabled:opacity-50"
        onClick={() => file.current?.click()}
      >
        <Upload aria-hidden className="size-3.5" />
        {t("import")}
      </button>
      <input
        ref={file}
        type="file"
        accept=".dmn,.xml"
        hidden
        aria-label={t("import")}
        onChange={(e) => {
          const [chosen] = e.target.files ?? [];
          e.target.value = "";
          if (chosen) void take(chosen);
        }}
      />
      <ul ref={list} role="status" className="grid gap-0.5 text-xs text-ink-2">
        {told.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
