/** Names the part of the document that stands here, so that a problem with it can be gone to. */
export const At = ({ field, children }: { field: string; children: React.ReactNode }) => (
  <div data-field={field} className="grid gap-2">
    {children}
  </div>
);

/** The control of a field, or of the nearest thing around it: `config.branches.0.event`, `config.branches`, `config`. */
export function controlOf(root: ParentNode, field: string): HTMLElement | null {
  for (let at = field; at; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const found = root.querySelector(`[data-field="${CSS.escape(at)}"]`);
    const control = found?.querySelector<HTMLElement>("input, select, textarea, button");
    if (control) return control;
  }
  return null;
}
