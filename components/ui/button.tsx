import { cva, type VariantProps } from "class-variance-authority";
import type { ButtonHTMLAttributes } from "react";
import { cn } from "./cn.ts";

const look = cva(
  "inline-flex items-center justify-center gap-1.5 rounded-md text-sm font-semibold whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50",
  {
    variants: {
      kind: {
        primary: "bg-accent text-accent-ink hover:brightness-110",
        secondary: "border border-line-strong bg-surface text-ink hover:bg-sunken",
        quiet: "text-ink-2 hover:bg-sunken hover:text-ink",
        danger: "border border-breach-solid bg-surface text-breach hover:bg-breach-bg",
      },
      size: { small: "h-7 px-2 text-xs", normal: "h-8 px-3", large: "h-10 px-4" },
    },
    defaultVariants: { kind: "secondary", size: "normal" },
  },
);

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & VariantProps<typeof look>;

export const Button = ({ kind, size, className, type = "button", ...rest }: ButtonProps) => (
  <button type={type} className={cn(look({ kind, size }), className)} {...rest} />
);
/** The same look for a link. */
export const buttonLook = look;
