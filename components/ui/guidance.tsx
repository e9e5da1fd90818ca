import { lazy, Suspense } from "react";
import { patiently } from "./later.ts";

const Written = lazy(() => patiently(() => import("./markdown.tsx")));

/** A play as people wrote it. The page does not wait for the reader of Markdown: until it is there, the text stands as typed. */
export const Guidance = ({ text }: { text: string }) => (
  <Suspense fallback={<p className="text-sm whitespace-pre-line text-ink">{text}</p>}>
    <Written text={text} />
  </Suspense>
);
