"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import { useTranslations } from "use-intl";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { Button } from "../ui/button.tsx";
import { Field, inputLook } from "../ui/field.tsx";
import { MappingTable } from "./mapping-table.tsx";
import { PreviewTable } from "./preview-table.tsx";
import { notStarting, startOf, StartOptions } from "./start-options.tsx";
import { Step } from "./step.tsx";
import type { Fix, Handed, ImportField, Mapping, ProcessChoice, RecordTypes, TablePreview } from "./types.ts";

/** A table of records, from its columns to the button that brings it in. */
export function TableFlow({
  handed: { upload, inspected },
  types,
  processes,
  onStarted,
}: {
  handed: Handed;
  types: RecordTypes;
  processes: ProcessChoice[];
  onStarted: (id: string) => void;
}) {
  const t = useTranslations("imports");
  const client = useTRPCClient();
  const [mapping, setMapping] = useState<Mapping | null>(inspected.mapping);
  const [from, setFrom] = useState(inspected.mappingFrom);
  const [fixes, setFixes] = useState<Fix[]>([]);
  const [preview, setPreview] = useState<TablePreview | null>(null);
  const [starting, setStarting] = useState(notStarting);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const type = mapping?.recordType ?? "";
  const known = useQuery({
    queryKey: ["imports.fields", type],
    queryFn: () => client.imports.fields.query({ recordType: type }),
    enabled: type !== "",
  });
  const fields: ImportField[] = known.data ?? [];

  /** A changed mapping makes what was previewed untrue. */
  const change = (next: Mapping, source: typeof from = from) => {
    setMapping(next);
    setFrom(source);
    setFixes([]);
    setPreview(null);
  };
  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(refusalOf(error).text);
    } finally {
      setBusy(false);
    }
  }
  const look = (accepted: Fix[]) =>
    attempt(async () => {
      if (!mapping) return;
      setFixes(accepted);
      setPreview(await client.imports.preview.mutate({ upload, mapping, fixes: accepted }));
    });
  const chooseType = (recordType: string) =>
    attempt(async () => change((await client.imports.suggest.query({ upload, recordType })).mapping, "suggested"));
  const order = startOf(starting, type, fields);
  const start = () =>
    attempt(async () => {
      if (!mapping || !preview || !order) return;
      const { id } = await client.imports.start.mutate({ upload, mapping, fixes, expected: preview.total, ...order });
      onStarted(id);
    });
  const typeName = types.find(({ key }) => key === type)?.label ?? type;

  return (
    <>
      <Step n={1} title={t("step.what")}>
        <div className="flex flex-wrap items-end gap-3">
          <Field label={t("recordType")} className="w-56">
            {(ids) => (
              <select {...ids} className={inputLook} value={type} onChange={(e) => void chooseType(e.target.value)}>
                {types.map(({ key, label }) => (
                  <option key={key} value={key}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {inspected.mappings.length > 0 && (
            <Field label={t("savedMapping")} className="w-56">
              {(ids) => (
                <select
                  {...ids}
                  className={inputLook}
                  value={from === "suggested" ? "" : (mapping?.key ?? "")}
                  onChange={(e) => {
                    const chosen = inspected.mappings.find(({ name }) => name === e.target.value);
                    if (chosen) change(chosen.mapping, chosen.own ? "saved" : "preset");
                  }}
                >
                  <option value="" disabled>
                    {t("none")}
                  </option>
                  {inspected.mappings.map(({ name, own }) => (
                    <option key={name} value={name}>
                      {own ? name : t("preset", { name })}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          {from && <p className="pb-2 text-xs text-ink-3">{t(`from.${from}`)}</p>}
        </div>
        {mapping && (
          <MappingTable
            columns={inspected.columns}
            mapping={mapping}
            fields={fields}
            onChange={(next) => change(next)}
          />
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            kind={preview ? "secondary" : "primary"}
            disabled={busy || !mapping?.columns.length}
            onClick={() => void look([])}
          >
            {t("check")}
          </Button>
          {mapping && <SaveMapping mapping={mapping} />}
        </div>
        {problem && (
          <p role="alert" className="rounded-md bg-breach-bg px-3 py-2 text-sm text-breach">
            {problem}
          </p>
        )}
      </Step>
      {preview && (
        <Step n={2} title={t("step.look")}>
          <PreviewTable preview={preview} accepted={fixes} onAccept={(accepted) => void look(accepted)} />
        </Step>
      )}
      {preview && (
        <Step n={3} title={t("step.start", { type: typeName.toLowerCase() })}>
          <StartOptions
            processes={processes.filter(({ recordType }) => recordType === type)}
            fields={fields}
            starting={starting}
            onChange={setStarting}
          />
          <Button
            kind="primary"
            size="large"
            className="justify-self-start"
            disabled={busy || order === null || preview.counts.new + preview.counts.update === 0}
            onClick={() => void start()}
          >
            {t("import", { n: preview.counts.new + preview.counts.update })}
          </Button>
        </Step>
      )}
    </>
  );
}

function SaveMapping({ mapping }: { mapping: Mapping }) {
  const t = useTranslations("imports");
  const client = useTRPCClient();
  const [name, setName] = useState<string | null>(null);
  async function save() {
    try {
      await client.imports.saveMapping.mutate({ name: name ?? "", mapping });
      toast.success(t("saved", { name: name ?? "" }));
      setName(null);
    } catch (error) {
      toast.error(refusalOf(error).text);
    }
  }
  if (name === null)
    return (
      <Button kind="quiet" disabled={mapping.columns.length === 0} onClick={() => setName("")}>
        {t("saveMapping")}
      </Button>
    );
  return (
    <form
      className="flex gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <input
        aria-label={t("mappingName")}
        placeholder={t("mappingName")}
        className={`${inputLook} h-8 w-48`}
        maxLength={80}
        autoFocus
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <Button type="submit" disabled={name.trim() === ""}>
        {t("save")}
      </Button>
    </form>
  );
}
