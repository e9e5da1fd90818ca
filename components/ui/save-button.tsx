import { Button, type ButtonProps } from "./button.tsx";
import { cn } from "./cn.ts";

/** Ends a form. Not switched off while it is saved: a form without its button takes no Enter. */
export const SaveButton = ({
  busy,
  ready = true,
  className,
  ...rest
}: Omit<ButtonProps, "type" | "disabled"> & {
  busy: boolean;
  /** False while the form cannot be saved as it stands. */
  ready?: boolean;
}) => (
  <Button
    kind="primary"
    size="large"
    type="submit"
    aria-busy={busy}
    disabled={!busy && !ready}
    className={cn(busy && "opacity-50", className)}
    {...rest}
  />
);
