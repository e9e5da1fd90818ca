/** Where somebody was going when they had to sign in: a path of this server and nothing else. */
export function ownPath(next: string | readonly string[] | null | undefined): string {
  if (typeof next !== "string" || !/^\/(?![/\\])[^\\\s]*$/.test(next) || next.startsWith("/sign-in")) return "/";
  return next;
}

/** The sign-in page that leads there. `expired`: they were signed in before. */
export function signInFor(next: string | null | undefined, expired: boolean): string {
  const path = ownPath(next);
  const query = new URLSearchParams({ ...(expired && { expired: "1" }), ...(path !== "/" && { next: path }) });
  return query.size > 0 ? `/sign-in?${query}` : "/sign-in";
}
