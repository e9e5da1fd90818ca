import { useEffect } from "react";
import { toast, Toaster } from "sonner";

export type Note = {
  kind: "plain" | "success" | "error" | "warning";
  text: string;
  options: { action?: { label: string; onClick: () => void } } | undefined;
};

/** The toasts themselves. A file of its own: toast.tsx fetches it. Answers, once they can be seen, how to show one. */
export function ToastsShown({ onReady }: { onReady: (show: (note: Note) => void) => () => void }) {
  // After the Toaster's own effect, which is a child's: what is said earlier would be lost.
  useEffect(
    () => onReady(({ kind, text, options }) => (kind === "plain" ? toast : toast[kind])(text, options)),
    [onReady],
  );
  return <Toaster position="bottom-center" theme="system" duration={10_000} />;
}
