"use client";
import { CircleAlert, Copy, Plus, Spline, Trash2, TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { isHuman, isStep } from "@/server/engine/process.ts";
import { icons } from "../process/step-look.ts";
import { cn } from "../ui/cn.ts";
import { readingOrder, setNode } from "./document.ts";
import { flowOf, stepName } from "./map-model.ts";
import { tile } from "./step-frame.tsx";
import type { MapActions } from "./map-actions.ts";
import type { EditorState } from "./use-editor.ts";
import { depths } from "./walk.ts";

const cellInput =
  "h-8 w-full rounded-sm border border-transparent bg-transparent px-1.5 text-sm hover:border-line focus:border-line-strong focus:bg-surface";

/** The process as a tree of rows in the order of the flow. Every edit of the map can be made here; what is chosen is shared. */
export function Outline({ editor, actions }: { editor: EditorState; actions: MapActions }) {
  const t = useTranslations("editor");
  const { doc, chosen, problems, run } = editor;
  const table = useRef<HTMLTableElement>(null);
  const order = readingOrder(doc);
  const depth = depths(doc);
  const stop = chosen.find((id) => order.includes(id)) ?? order[0];
  const selected = editor.selected;
  useEffect(() => {
    const row = table.current?.querySelector<HTMLElement>(`[data-row="${selected ?? ""}"]`);
    row?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const roles = Object.entries(doc.roles);
  const act = (Icon: typeof Plus, label: string, onClick: () => void, danger = false) => (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={(e) => {
        e.stopPropagation();
        onClick();
      }}
      className={cn(
        "grid size-7 shrink-0 place-items-center rounded-md hover:bg-sunken",
        danger ? "text-breach" : "text-ink-3 hover:text-ink",
      )}
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
  return (
    <div data-outline className="min-h-0 overflow-auto bg-surface">
      <table
        ref={table}
        role="treegrid"
        aria-label={t("outlineLabel", { n: doc.nodes.length })}
        aria-multiselectable="true"
        className="w-full min-w-[52rem] text-sm"
      >
        <thead className="sticky top-0 z-10 bg-surface">
          <tr
            role="row"
            className="border-b border-line text-left text-xs text-ink-3 [&>th]:h-8 [&>th]:px-3 [&>th]:font-medium"
          >
            <th role="columnheader" scope="col">
              {t("columns.step")}
            </th>
            <th role="columnheader" scope="col">
              {t("columns.owner")}
            </th>
            <th role="columnheader" scope="col">
              {t("columns.sla")}
            </th>
            <th role="columnheader" scope="col">
              {t("columns.goesTo")}
            </th>
            <th role="columnheader" scope="col">
              {t("columns.problems")}
            </th>
            <th role="columnheader" scope="col">
              {t("columns.edit")}
            </th>
          </tr>
        </thead>
        <tbody>
          {order.map((id) => {
            const node = doc.nodes.find((n) => n.id === id);
            if (!node) return null;
            const Icon = icons[node.kind];
            const on = chosen.includes(id);
            const own = problems.filter((p) => p.node === id);
            const [sla] = node.slas ?? [];
            return (
              <tr
                key={id}
                role="row"
                data-row={id}
                aria-level={(depth.get(id) ?? 0) + 1}
                aria-selected={on}
                tabIndex={id === stop ? 0 : -1}
                onClick={(e) => (e.shiftKey || e.ctrlKey || e.metaKey ? editor.toggle(id) : !on && editor.select(id))}
                className={cn(
                  "border-b border-line hover:bg-bg [&>td]:px-3 [&>td]:py-1",
                  on && "bg-accent-soft hover:bg-accent-soft",
                )}
              >
                <td role="gridcell">
                  <span className="flex items-center gap-2" style={{ paddingLeft: (depth.get(id) ?? 0) * 20 }}>
                    <span
                      className={cn("grid size-6 shrink-0 place-items-center rounded-sm", tile[node.kind])}
                      title={t(`kinds.${node.kind}`)}
                    >
                      <Icon aria-label={t(`kinds.${node.kind}`)} className="size-3.5" />
                    </span>
                    <input
                      className={`${cellInput} min-w-32 font-medium`}
                      tabIndex={-1}
                      aria-label={t("nameOf", { kind: t(`kinds.${node.kind}`) })}
                      placeholder={t("unnamed")}
                      maxLength={200}
                      value={node.name}
                      onChange={(e) =>
                        run(
                          t("did.rename", { name: e.target.value }),
                          (d) => setNode(d, id, { name: e.target.value }),
                          `name:${id}`,
                        )
                      }
                    />
                  </span>
                </td>
                <td role="gridcell">
                  {isHuman(node.kind) && (
                    <select
                      className={cellInput}
                      tabIndex={-1}
                      aria-label={t("ownerOf", { name: stepName(doc, id, t) })}
                      value={node.role ?? ""}
                      onChange={(e) => run(t("did.edit"), (d) => setNode(d, id, { role: e.target.value || undefined }))}
                    >
                      <option value="">{t("nobody")}</option>
                      {roles.map(([key, role]) => (
                        <option key={key} value={key}>
                          {role.name}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
                <td role="gridcell">
                  {isStep(node.kind) && (
                    <select
                      className={cellInput}
                      tabIndex={-1}
                      aria-label={t("slaOf", { name: stepName(doc, id, t) })}
                      value={sla ?? ""}
                      onChange={(e) =>
                        run(t("did.sla"), (d) =>
                          setNode(d, id, {
                            slas: e.target.value ? [e.target.value, ...(node.slas ?? []).slice(1)] : undefined,
                          }),
                        )
                      }
                    >
                      <option value="">{t("noSla")}</option>
                      {Object.entries(doc.slas).map(([key, one]) => (
                        <option key={key} value={key}>
                          {`${one.target} · ${one.name}`}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
                <td role="gridcell">
                  {doc.edges
                    .filter((e) => e.from === id)
                    .map((edge) => {
                      const flow = flowOf(doc, edge, problems, t);
                      return (
                        <button
                          key={edge.id}
                          type="button"
                          tabIndex={-1}
                          title={flow.whole ?? undefined}
                          onClick={(e) => {
                            e.stopPropagation();
                            editor.select(edge.id);
                          }}
                          className={cn(
                            "block max-w-72 truncate text-left text-xs text-ink-2 hover:underline",
                            chosen.includes(edge.id) && "font-semibold text-accent-text",
                          )}
                        >
                          {`${flow.look === "back" ? t("backTo") : "→"} ${stepName(doc, edge.to, t)}${flow.label ? ` – ${flow.label}` : ""}`}
                        </button>
                      );
                    })}
                </td>
                <td role="gridcell">
                  {own.length > 0 && (
                    <span
                      title={own.map((p) => p.text).join("\n")}
                      className={cn(
                        "flex items-center gap-1 text-xs",
                        own.some((p) => p.severity === "error") ? "text-breach" : "text-risk",
                      )}
                    >
                      {own.some((p) => p.severity === "error") ? (
                        <CircleAlert aria-hidden className="size-4" />
                      ) : (
                        <TriangleAlert aria-hidden className="size-4" />
                      )}
                      {t("problemCount", { n: own.length })}
                    </span>
                  )}
                </td>
                <td role="gridcell">
                  <span className="flex">
                    {node.kind !== "end" &&
                      act(Plus, t("addAfterStep", { name: stepName(doc, id, t) }), () => actions.addAfter(id))}
                    {node.kind !== "end" && act(Spline, t("bar.connect"), () => actions.connectFrom(id))}
                    {node.kind !== "start" &&
                      act(Copy, t("bar.duplicate"), () => {
                        editor.select(id);
                        actions.duplicate(id);
                      })}
                    {act(Trash2, t("removeStep", { name: stepName(doc, id, t) }), () => actions.remove(id), true)}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
