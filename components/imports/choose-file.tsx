"use client";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import type { Handed } from "./types.ts";

/** Drops a file, or chooses one with the keyboard; says in one sentence why it cannot be used. */
export function ChooseFile({ onHanded }: { onHanded: (handed: Handed) => void }) {
  const t = useTranslations("imports");
  const client = useTRPCClient();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [reading, setReading] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(file: File | undefined) {
    if (!file || reading !== null) return;
    setProblem(null);
    setReading(file.name);
    try {
      const upload = await handIn(file);
      if (!upload.ok) return setProblem(upload.text || t("offline"));
      onHanded({ upload: upload.id, inspected: await client.imports.inspect.query({ upload: upload.id }) });
    } catch (error) {
      setProblem(refusalOf(error).text);
    } finally {
      setReading(null);
      if (input.current) input.current.value = "";
    }
  }
  return (
    <section aria-label={t("choose")} className="grid gap-2">
      <div
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          void take(e.dataTransfer.files[0]);
        }}
        className={cn(
          "grid justify-items-center gap-3 rounded-lg border-2 border-dashed border-line-strong bg-surface px-4 py-10 text-center",
          over && "border-accent bg-accent-soft",
        )}
      >
        <Upload aria-hidden className="size-8 text-ink-3" />
        <p className="text-sm text-ink-2">{t("drop")}</p>
        <Button kind="primary" disabled={reading !== null} onClick={() => input.current?.click()}>
          {t("choose")}
        </Button>
        <input
          ref={input}
          type="file"
          className="sr-only"
          tabIndex={-1}
          aria-label={t("choose")}
          accept=".csv,.tsv,.txt,.gz,.xes,.xml"
          onChange={(e) => void take(e.target.files?.[0])}
        />
        <p className="text-xs text-ink-3">{t("kinds")}</p>
      </div>
      <p role="status" className="text-sm text-ink-2">
        {reading === null ? "" : t("reading", { name: reading })}
      </p>
      {problem && (
        <p role="alert" className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
          {problem}
        </p>
      )}
    </section>
  );
}

async function handIn(file: File): Promise<{ ok: true; id: string } | { ok: false; text: string }> {
  try {
    const response = await fetch("/api/imports/upload", {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(file.name) },
      body: file,
    });
    const said = (await response.json()) as { id?: string; error?: { text?: string } };
    return response.ok && said.id ? { ok: true, id: said.id } : { ok: false, text: said.error?.text ?? "" };
  } catch {
    return { ok: false, text: "" };
  }
}
