/** Keeps a choice of this browser for a year, where the server sees it before it draws. */
export function remember(name: "theme" | "locale" | "rail", value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}
