import { Waypoints } from "lucide-react";

/** The plain page before one is signed in. */
export const Front = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <main className="grid min-h-dvh place-items-center p-4">
    <div className="grid w-full max-w-sm gap-5 rounded-lg border border-line bg-surface p-6 shadow-raised">
      <h1 className="flex items-center gap-2 text-xl font-semibold">
        <span className="grid size-7 place-items-center rounded-md bg-accent text-accent-ink">
          <Waypoints aria-hidden className="size-4" />
        </span>
        {title}
      </h1>
      {children}
    </div>
  </main>
);
