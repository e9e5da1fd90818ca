"use client";
import { FolderOpen, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useState } from "react";
import { toast } from "../ui/toast.tsx";
import type { Caller } from "@/server/api/router.ts";
import { refusalOf, useTRPCClient } from "../api.tsx";
import { FormField } from "../inbox/form-field.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { inputLook } from "../ui/field.tsx";
import { useFormat } from "../ui/locale.tsx";

type List = Awaited<ReturnType<Caller["records"]["list"]>>;
type Fields = Awaited<ReturnType<Caller["records"]["describe"]>>;

export function RecordsScreen({
  type,
  types,
  list,
  fields,
  search,
  page,
}: {
  type: string;
  types: { key: string; label: string }[];
  list: List;
  fields: Fields;
  search: string;
  page: number;
}) {
  const t = useTranslations("records");
  const format = useFormat();
  const router = useRouter();
  const [making, setMaking] = useState(false);
  const href = (more: { type?: string; q?: string; page?: number }) => {
    const query = new URLSearchParams({
      type: more.type ?? type,
      ...((more.q ?? search) && { q: more.q ?? search }),
      ...(more.page && more.page > 1 && { page: String(more.page) }),
    });
    return `/records?${query.toString()}`;
  };
  const pages = Math.max(1, Math.ceil(list.total / 50));
  return (
    <div className="grid gap-3 p-4 md:p-6">
      <div className="flex flex-wrap items-center gap-2">
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        <span className="text-sm text-ink-3">{t("count", { n: list.total })}</span>
        <form action="/records" className="ml-auto">
          <input type="hidden" name="type" value={type} />
          <input
            name="q"
            defaultValue={search}
            aria-label={t("search")}
            placeholder={t("search")}
            className={cn(inputLook, "h-8 w-56")}
          />
        </form>
        <Button kind="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden className="size-4" />
          {t("create")}
        </Button>
      </div>
      <nav
        aria-label={t("types")}
        className="flex gap-4 overflow-x-auto border-b border-line text-sm whitespace-nowrap"
      >
        {types.map((one) => (
          <Link
            key={one.key}
            href={href({ type: one.key, q: "" })}
            aria-current={one.key === type ? "page" : undefined}
            className={cn(
              "border-b-2 border-transparent pb-1.5 font-medium text-ink-2",
              one.key === type && "border-accent text-accent-text",
            )}
          >
            {one.label}
          </Link>
        ))}
      </nav>
      {list.rows.length === 0 ? (
        <Empty
          icon={FolderOpen}
          title={search ? t("noneFound") : t("none")}
          text={search ? t("noneFoundText", { search }) : t("noneText")}
        />
      ) : (
        <div
          className="overflow-x-auto rounded-lg border border-line bg-surface"
          tabIndex={0}
          role="region"
          aria-label={t("title")}
        >
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line text-left text-xs whitespace-nowrap text-ink-3">
                <th scope="col" className="px-3 py-1.5 font-medium">
                  {t("name")}
                </th>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  {t("status")}
                </th>
                <th scope="col" className="px-3 py-1.5 text-right font-medium">
                  {t("amount")}
                </th>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  {t("owner")}
                </th>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  {t("created")}
                </th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((row) => (
                <tr key={row.id} className="h-9 border-b border-line whitespace-nowrap last:border-0 hover:bg-sunken">
                  <th scope="row" className="max-w-72 truncate px-3 text-left font-medium">
                    <Link href={`/records/${row.id}`} className="hover:underline">
                      {row.title}
                    </Link>
                  </th>
                  <td className="px-3 text-ink-2">{row.status}</td>
                  <td className="px-3 text-right tabular-nums">
                    {row.amount === null || row.amount === undefined ? "" : format.money(row.amount, list.currency)}
                  </td>
                  <td className="px-3 text-ink-2">{row.owner ?? ""}</td>
                  <td className="px-3 text-ink-3">{format.date(row.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages > 1 && (
        <nav aria-label={t("pages")} className="flex items-center gap-2 text-sm">
          {page > 1 && <Link href={href({ page: page - 1 })}>{t("previous")}</Link>}
          <span className="text-ink-3">{t("pageOf", { page, pages })}</span>
          {page < pages && <Link href={href({ page: page + 1 })}>{t("next")}</Link>}
        </nav>
      )}
      <Dialog
        open={making}
        onClose={() => setMaking(false)}
        title={t("createTitle", { type: types.find((o) => o.key === type)?.label ?? type })}
        wide
      >
        <NewRecord type={type} fields={fields} onMade={(id) => router.push(`/records/${id}`)} />
      </Dialog>
    </div>
  );
}

/** The fields a new record needs first, the rest behind "more". */
function NewRecord({ type, fields, onMade }: { type: string; fields: Fields; onMade: (id: string) => void }) {
  const t = useTranslations("records");
  const client = useTRPCClient();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const writable = fields.filter(
    (f) => !f.derived && f.type !== "json" && f.type !== "reference" && f.type !== "multi_picklist",
  );
  const first = [
    "name",
    "last_name",
    "first_name",
    "company_name",
    "email",
    "phone",
    "source",
    "inquiry_type",
    "type",
    "stage",
    "amount",
    "close_date",
    "domain",
    "pain_summary",
  ];
  const shown = all ? writable : writable.filter((f) => first.includes(f.name));
  const references = fields.filter(
    (f) =>
      f.type === "reference" &&
      (f.to === "account" || f.to === "opportunity") &&
      ["account_id", "opportunity_id"].includes(f.name),
  );
  async function submit(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      const made = await client.records.create.mutate({ type, values: values as never });
      onMade(made.id);
    } catch (error) {
      toast.error(refusalOf(error).text);
      setBusy(false);
    }
  }
  return (
    <form className="grid gap-4" onSubmit={(e) => void submit(e)}>
      <div className="grid gap-3 sm:grid-cols-2">
        {shown.map((field) => (
          <FormField
            key={field.name}
            field={{ ...field, required: false, readOnly: false, help: null, currency: null }}
            value={values[field.name] ?? null}
            error={null}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {references.map((field) => (
          <Reference
            key={field.name}
            label={field.label}
            to={field.to ?? ""}
            onChange={(id) => setValues({ ...values, [field.name]: id })}
          />
        ))}
      </div>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={busy}>
          {t("create")}
        </Button>
        <Button kind="quiet" onClick={() => setAll(!all)}>
          {all ? t("fewer") : t("more")}
        </Button>
      </div>
    </form>
  );
}

/** Another record, found by name. */
function Reference({ label, to, onChange }: { label: string; to: string; onChange: (id: string | null) => void }) {
  const t = useTranslations("form");
  const client = useTRPCClient();
  const [options, setOptions] = useState<{ id: string; title: string }[]>([]);
  const load = (search: string) =>
    client.records.list
      .query({ type: to, limit: 50, ...(search && { search }) })
      .then((l) => setOptions(l.rows.map(({ id, title }) => ({ id, title }))));
  return (
    <label className="grid content-start gap-1 text-xs font-medium text-ink-2">
      {label}
      <select
        className={inputLook}
        onFocus={() => void (options.length === 0 && load(""))}
        onChange={(e) => onChange(e.target.value || null)}
        defaultValue=""
      >
        <option value="">{t("choose")}</option>
        {options.map((o) => (
          <option key={o.id} value={o.id}>
            {o.title}
          </option>
        ))}
      </select>
    </label>
  );
}
