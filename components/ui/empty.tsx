import type { LucideIcon } from "lucide-react";

/** No empty screen without a reason and, where there is one, a next action. */
export function Empty({
  icon: Icon,
  title,
  text,
  children,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  children?: React.ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-16 text-center">
      <Icon aria-hidden className="size-8 text-ink-3" />
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="max-w-sm text-sm text-ink-2">{text}</p>
      {children}
    </div>
  );
}
