/** What keeps a database from working, passes, and is nobody's fault: told as it is. Known by its code, as it crosses module copies. */

/** `digest`: a page that fails tells its reader no more than that. */
export type Trouble = Error & { code: Code; digest: Code };
type Code = "DISK_FULL" | "UNAVAILABLE";
const trouble = (code: Code, error: Error): Trouble => Object.assign(error, { code, digest: code });

export const diskFull = (): Trouble =>
  trouble(
    "DISK_FULL",
    new Error("The disk is nearly full. Nothing was saved; reading goes on. Free some space and try again."),
  );

/** Whether what was asked last was still done, nobody knows. */
export const databaseAway = (cause: unknown): Trouble =>
  trouble(
    "UNAVAILABLE",
    new Error("The database cannot be reached at the moment. What was saved before is kept. Try again shortly.", {
      cause,
    }),
  );

/** The trouble that an error is, or that is behind it; null where there is none. */
export function troubleIn(error: unknown): Trouble | null {
  for (let at = error; at instanceof Error; at = at.cause)
    if ("code" in at && (at.code === "DISK_FULL" || at.code === "UNAVAILABLE")) return at as Trouble;
  return null;
}
