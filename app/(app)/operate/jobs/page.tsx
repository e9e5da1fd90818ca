import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";
import { JobsScreen, type JobsAsked } from "@/components/operate/jobs-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("jobs");

const states = ["due", "later", "retrying", "dead"] as const;

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }) {
  const { caller, may } = await asking();
  if (!may("jobs.read")) return <NoRight />;
  const found = await searchParams;
  const read = (name: string) => (found[name] ?? "").slice(0, 80);
  const asked: JobsAsked = {
    state: states.find((one) => one === found["state"]) ?? "",
    kind: read("kind"),
    process: read("process"),
    after: (found["after"] ?? "").slice(0, 220),
  };
  const key = /^(-?\d{1,15})\.(.+)$/.exec(asked.after);
  const filter = Object.fromEntries(Object.entries({ ...asked, after: "" }).filter(([, value]) => value !== ""));
  const [totals, list] = await Promise.all([
    caller.jobs.totals(),
    caller.jobs.list({ ...filter, ...(key && { after: { at: Number(key[1]), id: key[2]! } }) }),
  ]);
  return <JobsScreen asked={asked} totals={totals} list={list} />;
}
