"use client";
import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useDeferredValue, useState } from "react";
import { fold } from "@/server/records/fold.ts";
import { useTRPCClient } from "../api.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { inputLook } from "../ui/field.tsx";
import { cn } from "../ui/cn.ts";
import { mayGo, places, stepStates } from "./commands.ts";
import { sectionsFor } from "./sections.ts";

/** Go to a page, or find a deal, lead or account by name. */
export function Palette({
  open,
  onClose,
  roles,
  demo,
}: {
  open: boolean;
  onClose: () => void;
  roles: readonly string[];
  demo: boolean;
}) {
  const t = useTranslations("shell");
  const settings = useTranslations("settings");
  const client = useTRPCClient();
  const router = useRouter();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const find = (type: string) => ({
    queryKey: ["records.list", type, wanted],
    queryFn: () => client.records.list.query({ type, search: wanted, limit: 5 }),
    enabled: open && wanted.length > 1,
  });
  const deals = useQuery(find("opportunity"));
  const leads = useQuery(find("lead"));
  const accounts = useQuery(find("account"));
  const found =
    wanted.length > 1
      ? [deals, leads, accounts]
          .flatMap((q) => q.data?.rows ?? [])
          .map((r) => ({ id: r.id, label: r.title, href: `/records/${r.id}`, icon: FileText, keys: null }))
      : [];
  const may = mayGo(roles);
  const pages = [
    ...places
      .filter(may)
      .map((p) => ({ id: p.id as string, label: t(p.id), href: p.href, icon: p.icon, keys: p.keys })),
    ...sectionsFor(roles, demo).map((s) => ({
      id: `settings-${s.id}`,
      label: `${t("settings")}: ${settings(`sections.${s.id}`)}`,
      href: s.href,
      icon: s.icon,
      keys: null,
    })),
    ...(may(stepStates) ? [{ ...stepStates, id: "steps", label: t("stepStates"), keys: null }] : []),
  ].filter((p) => fold(p.label).includes(fold(text.trim())));
  const items = [...pages, ...found];
  const go = (href: string) => {
    onClose();
    setText("");
    router.push(href);
  };
  return (
    <Dialog open={open} onClose={onClose} title={t("search")}>
      <input
        className={inputLook}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette"
        aria-activedescendant={items[at] ? `go-${items[at].id}` : undefined}
        aria-label={t("search")}
        autoFocus
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.key === "ArrowDown") setAt(Math.min(at + 1, items.length - 1));
          else if (e.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (e.key === "Enter" && items[at]) go(items[at].href);
          else return;
          e.preventDefault();
        }}
      />
      <div id="palette" role="listbox" aria-label={t("search")} className="mt-2 grid">
        {items.map(({ id, label, href, icon: Icon, keys }, i) => (
          <div
            key={id}
            id={`go-${id}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={() => go(href)}
            onKeyDown={(e) => e.key === "Enter" && go(href)}
            className={cn(
              "flex h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-sm",
              i === at && "bg-accent-soft text-accent-text",
            )}
          >
            <Icon aria-hidden className="size-4" />
            <span className="truncate">{label}</span>
            {keys && <kbd className="ml-auto rounded-sm bg-sunken px-1.5 text-2xs text-ink-2">{keys}</kbd>}
          </div>
        ))}
      </div>
      {items.length === 0 && <p className="px-2 py-3 text-sm text-ink-3">{t("nothing")}</p>}
    </Dialog>
  );
}
