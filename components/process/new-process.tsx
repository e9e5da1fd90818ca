"use client";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import type { Caller } from "@/server/api/router.ts";
import { processSchema } from "@/server/engine/process.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, inputLook } from "../ui/field.tsx";

type Templates = Awaited<ReturnType<Caller["processes"]["templates"]>>;

/** From an empty page or from one of the shipped processes. */
export function NewProcess({ templates }: { templates: Templates }) {
  const t = useTranslations("processes");
  const client = useTRPCClient();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  async function make(work: () => Promise<{ processId: string }>) {
    try {
      const { processId } = await work();
      router.push(`/processes/${processId}/edit`);
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }
  const key = name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 60);
  const empty = () =>
    client.processes.create.mutate({
      document: processSchema.parse({
        key,
        name,
        recordType: "opportunity",
        nodes: [
          {
            id: "start",
            kind: "start",
            name: t("kinds.start"),
            position: { x: 0, y: 0 },
            config: { trigger: "manual" },
          },
          { id: "end", kind: "end", name: t("kinds.end"), position: { x: 320, y: 0 }, config: { outcome: "success" } },
        ],
        edges: [{ id: "edge_1", from: "start", to: "end" }],
      }),
    });
  return (
    <>
      <Button kind="primary" className="ml-auto" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        {t("new")}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("newTitle")} wide>
        <form
          className="flex items-end gap-2"
          onSubmit={(e) => {
            e.preventDefault();
            void make(empty);
          }}
        >
          <Field label={t("empty")} help={t("emptyText")} className="flex-1">
            {(ids) => (
              <input
                {...ids}
                className={inputLook}
                value={name}
                onChange={(e) => setName(e.target.value)}
                placeholder={t("step")}
                maxLength={80}
              />
            )}
          </Field>
          <Button kind="primary" type="submit" disabled={!key} className="mb-5">
            {t("new")}
          </Button>
        </form>
        <ul className="mt-3 grid gap-2 sm:grid-cols-2">
          {templates.map((template) => (
            <li key={template.key}>
              <button
                type="button"
                onClick={() => void make(() => client.processes.fromTemplate.mutate({ key: template.key }))}
                className="grid h-full w-full content-start gap-1 rounded-md border border-line p-3 text-left hover:bg-sunken"
              >
                <span className="text-sm font-semibold">{template.name}</span>
                <span className="text-xs text-ink-2">{template.summary}</span>
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
