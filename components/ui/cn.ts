import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names, later ones win. */
export const cn = (...names: ClassValue[]): string => twMerge(clsx(names));
