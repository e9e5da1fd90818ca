"use client";
import { CircleAlert, Copy, Plus, Spline, SquarePlus, Trash2, TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { isHuman, isStep } from "@/server/engine/process.ts";
import { cn } from "../ui/cn.ts";
import { isOwner } from "../process/nesting.ts";
import { readingOrder, setNode } from "./document.ts";
import { flowOf, shortTarget, stepName } from "./map-model.ts";
import { KindIcon, tile } from "./step-frame.tsx";
import type { MapActions } from "./map-actions.ts";
import type { EditorState } from "./use-editor.ts";
import { depths } from "./walk.ts";

const columns = "grid grid-cols-[minmax(11rem,2fr)_8rem_7.5rem_minmax(9rem,1.5fr)_3.5rem_9.25rem] gap-x-2 px-4";
const cellInput =
  "h-8 w-full rounded-sm border border-transparent bg-transparent px-1.5 text-sm hover:border-line focus:border-line-strong focus:bg-surface";

/** The process as a tree of rows in the order of the flow. Every edit of the map can be made here; what is chosen is shared. */
export function Outline({ editor, actions }: { editor: EditorState; actions: MapActions }) {
  const t = useTranslations("editor");
  const { doc, chosen, problems, run } = editor;
  const table = useRef<HTMLDivElement>(null);
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
    <div data-outline className="relative min-h-0 overflow-auto bg-surface">
      <div
        ref={table}
        role="treegrid"
        aria-label={t("outlineLabel", { n: doc.nodes.length })}
        aria-multiselectable="true"
        className="w-full min-w-[52rem] text-sm"
      >
        <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
          <div role="row" className={`${columns} h-8 items-center border-b border-line text-xs font-medium text-ink-3`}>
            <div role="columnheader">{t("columns.step")}</div>
            <div role="columnheader">{t("columns.owner")}</div>
            <div role="columnheader">{t("columns.sla")}</div>
            <div role="columnheader">{t("columns.goesTo")}</div>
            <div role="columnheader">{t("columns.problems")}</div>
            <div role="columnheader">{t("columns.edit")}</div>
          </div>
        </div>
        <div role="rowgroup">
          {order.map((id) => {
            const node = doc.nodes.find((n) => n.id === id);
            if (!node) return null;
            const on = chosen.includes(id);
            const own = problems.filter((p) => p.node === id);
            const [sla] = node.slas ?? [];
            return (
              <div
                role="row"
                key={id}
                data-row={id}
                aria-level={(depth.get(id) ?? 0) + 1}
                aria-selected={on}
                tabIndex={id === stop ? 0 : -1}
                onKeyDown={(e) => {
                  if (e.key !== " " || e.target !== e.currentTarget) return;
                  e.preventDefault();
                  editor.toggle(id);
                }}
                onClick={(e) => (e.shiftKey || e.ctrlKey || e.metaKey ? editor.toggle(id) : !on && editor.select(id))}
                className={cn(
                  columns,
                  "items-center border-b border-line py-1 hover:bg-bg",
                  on && "bg-accent-soft hover:bg-accent-soft",
                )}
              >
                <div role="gridcell" className="min-w-0">
                  <span className="flex items-center gap-2" style={{ paddingLeft: (depth.get(id) ?? 0) * 20 }}>
                    <span
                      className={cn("grid size-6 shrink-0 place-items-center rounded-sm", tile[node.kind])}
                      title={t(`kinds.${node.kind}`)}
                    >
                      <KindIcon kind={node.kind} label={t(`kinds.${node.kind}`)} className="size-3.5" />
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
                </div>
                <div role="gridcell" className="min-w-0">
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
                </div>
                <div role="gridcell" className="min-w-0">
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
                          {`${shortTarget(one.target, t)} · ${one.name}`}
                        </option>
                      ))}
                    </select>
                  )}
                </div>
                <div role="gridcell" className="min-w-0">
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
                </div>
                <div role="gridcell" className="min-w-0">
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
                      <span aria-hidden>{own.length}</span>
                      <span className="sr-only">{t("problemCount", { n: own.length })}</span>
                    </span>
                  )}
                </div>
                <div role="gridcell" className="min-w-0">
                  <span className="flex">
                    {node.kind !== "end" &&
                      act(Plus, t("addAfterStep", { name: stepName(doc, id, t) }), () => actions.addAfter(id))}
                    {isOwner(node) &&
                      act(SquarePlus, t("flow.addInsideStep", { name: stepName(doc, id, t) }), () =>
                        actions.addInside(id),
                      )}
                    {node.kind !== "end" && act(Spline, t("bar.connect"), () => actions.connectFrom(id))}
                    {node.kind !== "start" &&
                      act(Copy, t("bar.duplicate"), () => {
                        editor.select(id);
                        actions.duplicate(id);
                      })}
                    {act(Trash2, t("removeStep", { name: stepName(doc, id, t) }), () => actions.remove(id), true)}
                  </span>
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
