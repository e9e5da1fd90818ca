"use client";
/** Who would get the work for a record, at an instant, by what is drawn now: nothing is changed. */
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { type Process, isHuman } from "@/server/engine/process.ts";
import { dateOfDay, dayOfDate, localDay, startOfDay, wallAt } from "@/server/engine/calendar/zone.ts";
import { refusalOf, useTRPCClient } from "../../api.tsx";
import { PickProof } from "../../routing/pick-proof.tsx";
import { inputLook } from "../../ui/field.tsx";
import { useFormat } from "../../ui/locale.tsx";
import { SamplePicker, useSample } from "../sample.tsx";

/** `node`: for this step only; else any step or role of the process is chosen. */
export function PickTry({ doc, node = null }: { doc: Process; node?: string | null }) {
  const t = useTranslations("routing");
  const client = useTRPCClient();
  const format = useFormat();
  const sample = useSample()?.sample ?? null;
  const steps = doc.nodes.filter((one) => isHuman(one.kind) && one.role);
  const [chosen, setChosen] = useState("");
  const [day, setDay] = useState("");
  const [time, setTime] = useState("09:00");
  const step = doc.nodes.find(({ id }) => id === (node ?? chosen)) ?? (node ? undefined : steps[0]);
  const role = step?.role;
  const document = useDeferredValue(doc);
  const first = dayOfDate(day);
  const at = first === null ? null : startOfDay(format.zone, first) + minutesOf(time) * 60_000;
  const { data, error, isFetching } = useQuery({
    queryKey: ["queues.try", document, step?.id, sample?.id, at],
    queryFn: () => client.queues.try.mutate({ document, role: role!, node: step?.id ?? null, record: sample!.id, at }),
    enabled: role !== undefined && Object.hasOwn(doc.roles, role) && sample !== null,
    staleTime: 0,
    retry: false,
    placeholderData: (before) => before,
  });
  if (!role) return null;
  const small = `${inputLook} h-7 text-xs`;
  return (
    <section aria-label={t("try")} className="grid gap-2 rounded-md bg-sunken p-2.5">
      <h3 className="flex flex-wrap items-center gap-1.5 text-xs font-semibold">
        <FlaskConical aria-hidden className="size-3.5" />
        {t("try")}
        <span className="ml-auto">
          <SamplePicker />
        </span>
      </h3>
      <div className="grid grid-cols-2 gap-2">
        {node === null && (
          <select
            aria-label={t("tryRole")}
            className={`${small} col-span-2`}
            value={step.id}
            onChange={(e) => setChosen(e.target.value)}
          >
            {steps.map((one) => (
              <option key={one.id} value={one.id}>
                {`${one.name || one.id} · ${doc.roles[one.role!]?.name ?? one.role}`}
              </option>
            ))}
          </select>
        )}
        <input
          type="date"
          aria-label={t("tryAt")}
          className={small}
          value={day || dateOfDay(localDay(format.zone, format.now))}
          onChange={(e) => setDay(e.target.value)}
        />
        <input
          type="time"
          aria-label={t("tryTime")}
          className={small}
          value={day ? time : timeOf(wallAt(format.zone, format.now))}
          onChange={(e) => {
            setTime(e.target.value);
            if (!day) setDay(dateOfDay(localDay(format.zone, format.now)));
          }}
        />
      </div>
      <div role="status" className="grid gap-1 text-xs">
        {!sample && t("tryHelp")}
        {sample && !data && isFetching && t("trying")}
        {sample && error && <span className="text-breach">{refusalOf(error).text}</span>}
        {sample && data && !error && <PickProof pick={data} open />}
      </div>
    </section>
  );
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};
const timeOf = (wall: number): string => new Date(wall).toISOString().slice(11, 16);
