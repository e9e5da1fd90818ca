"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useState } from "react";

export type WindowProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  children: React.ReactNode;
  wide?: boolean;
  /** Nothing in it can be focused: the keyboard scrolls the whole. */
  textOnly?: boolean;
};

/** What a dialog is made of. A file of its own: it weighs more than the page it opens over (dialog.tsx fetches it). */
export function DialogWindow({ open, onClose, title, children, wide, textOnly }: WindowProps) {
  const t = useTranslations("common");
  // Whoever opened it, before a field in it takes the focus: that is where the focus goes back to.
  const [shown, setShown] = useState(false);
  const [opener, setOpener] = useState<Element | null>(null);
  if (open !== shown) {
    setShown(open);
    if (open) setOpener(document.activeElement);
  }
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/30" />
        <Base.Popup
          finalFocus={() => (opener instanceof HTMLElement && opener.isConnected ? opener : true)}
          className={`fixed top-[12vh] left-1/2 z-50 grid max-h-[76vh] w-[calc(100vw-2rem)] -translate-x-1/2 grid-rows-[auto_minmax(0,1fr)] rounded-lg border border-line bg-surface shadow-overlay ${wide ? "max-w-4xl" : "max-w-lg"}`}
        >
          <div className="flex items-center border-b border-line px-4 py-2.5">
            <Base.Title className="text-sm font-semibold">{title}</Base.Title>
            <Base.Close
              aria-label={t("close")}
              className="ml-auto grid size-7 place-items-center rounded-md text-ink-2 hover:bg-sunken"
            >
              <X aria-hidden className="size-4" />
            </Base.Close>
          </div>
          <div className="min-h-0 overflow-auto p-4" tabIndex={textOnly ? 0 : undefined}>
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
