"use client";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { ProcessNode } from "@/server/engine/process.ts";
import type { TriedStep } from "@/server/inbox/try-step.ts";
import { refusalOf, useTRPCClient } from "../../api.tsx";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/toast.tsx";
import { SamplePicker, useSample } from "../sample.tsx";
import type { EditorState } from "../use-editor.ts";

/** Whom this step would ask about a chosen record, in which order and why; what its gates would miss. */
export function TryStep({ editor, node }: { editor: EditorState; node: ProcessNode }) {
  const t = useTranslations("editor.tryStep");
  const client = useTRPCClient();
  const choosing = useSample();
  const [tried, setTried] = useState<TriedStep | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(recordId: string) {
    setBusy(true);
    try {
      setTried(
        await client.processes.tryStep.mutate({ document: editor.doc, node: node.id, recordId, requester: null }),
      );
    } catch (error) {
      toast.error(refusalOf(error).text);
    } finally {
      setBusy(false);
    }
  }
  const chosen = choosing?.chosen ?? null;
  return (
    <section aria-label={t("title")} className="grid gap-2 rounded-md border border-line bg-bg p-2.5">
      <h3 className="flex items-center gap-1.5 text-xs font-semibold">
        <FlaskConical aria-hidden className="size-3.5" />
        {t("title")}
      </h3>
      <SamplePicker />
      {chosen && (
        <Button size="small" className="justify-self-start" disabled={busy} onClick={() => void run(chosen)}>
          {t("run")}
        </Button>
      )}
      {tried && (
        <div role="status" className="grid gap-1.5 text-xs">
          {tried.wrong && <p className="text-breach">{tried.wrong}</p>}
          {tried.matrix && (
            <p className="text-ink-2">
              {t("matrix", {
                rules: tried.matrix.rules.join(", ") || "–",
                inputs: tried.matrix.inputs.map(({ input, value }) => `${input} = ${JSON.stringify(value)}`).join(", "),
              })}
            </p>
          )}
          {tried.levels.length > 0 && (
            <ol className="grid list-decimal gap-1 pl-4">
              {tried.levels.map((level, i) => (
                <li key={i}>
                  <span className="font-medium">
                    {[level.name, t("needs", { n: level.required, of: level.seats.length })].filter(Boolean).join(": ")}
                  </span>
                  <ul>
                    {level.seats.map((seat, j) => (
                      <li key={j}>
                        {seat.who ? (
                          <strong className="font-semibold">
                            {seat.for ? t("for", { who: seat.who, name: seat.for }) : seat.who}
                          </strong>
                        ) : (
                          <span className={seat.queue ? "" : "text-breach"}>
                            {seat.queue ? t("queue") : t("nobody")}
                          </span>
                        )}
                        <span className="text-ink-3">{` – ${seat.asked}, ${t.has(`rules.${seat.rule}`) ? t(`rules.${seat.rule}` as "rules.named") : seat.rule}`}</span>
                      </li>
                    ))}
                  </ul>
                  {!level.enough && <p className="text-breach">{t("tooFew")}</p>}
                </li>
              ))}
            </ol>
          )}
          {(["entry", "exit"] as const).map(
            (side) =>
              tried[side].length > 0 && (
                <div key={side}>
                  <p className="font-medium">{t(side)}</p>
                  <ul className="list-disc pl-4">
                    {tried[side].map((one) => (
                      <li key={one}>{one}</li>
                    ))}
                  </ul>
                </div>
              ),
          )}
          {!tried.levels.length && !tried.entry.length && !tried.exit.length && !tried.wrong && <p>{t("nothing")}</p>}
        </div>
      )}
    </section>
  );
}
