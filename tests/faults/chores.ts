/** What the clients of the crash test do all day, and the proof afterwards that each of it happened exactly once. */
import Database from "better-sqlite3";
import { call } from "./browser.ts";
import { sleep } from "./millrace.ts";

const am = { am: { name: "Account manager" } };
/** Begins by hand; a task with a clock, a wait of a second, a mail, another task. Many runs of one record are allowed. */
export const chores = {
  key: "chores",
  name: "Chores",
  recordType: "account",
  runPolicy: "many",
  roles: am,
  slas: { reply: { name: "Reply", target: "PT1H", warnAt: [50] } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "call", kind: "task", name: "Call", role: "am", slas: ["reply"] },
    { id: "pause", kind: "wait", name: "Pause", config: { for: "duration", duration: "PT1S" } },
    {
      id: "thank",
      kind: "automation",
      name: "Thank",
      actions: [{ verb: "send_template", template: "thanks", to: "am" }],
    },
    { id: "check", kind: "task", name: "Check", role: "am" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "pause" },
    { id: "e3", from: "pause", to: "thank" },
    { id: "e4", from: "thank", to: "check" },
    { id: "e5", from: "check", to: "done" },
  ],
};
/** Begins with every new account, and writes on it. */
export const greet = {
  key: "greet",
  name: "Greet",
  recordType: "account",
  runPolicy: "many",
  roles: am,
  nodes: [
    { id: "start", kind: "start", name: "New account", config: { trigger: "record_created" } },
    {
      id: "note",
      kind: "automation",
      name: "Note it",
      actions: [{ verb: "set", field: "account.billing_city", value: '"Hanoi"' }],
    },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "note" },
    { id: "e2", from: "note", to: "done" },
  ],
};

const steps = ["create", "start", "call", "check"] as const;
/** One account on its way through the day: the next step to do, and the keys whose answers arrived. */
export type Story = { id: string; next: number; acknowledged: string[]; refused: string[] };

export const newStory = (id: string): Story => ({ id, next: 0, acknowledged: [], refused: [] });
export const isDone = (story: Story) => story.next >= steps.length;
const keyOf = (story: Story, step: (typeof steps)[number]) => `${story.id}-${step}`;

/** Does the story's next step, always under the same key. "wait": its time has not come; "gone": the server has. */
export async function goOn(url: string, cookie: string, story: Story): Promise<"done" | "wait" | "gone"> {
  const step = steps[story.next];
  if (!step) return "done";
  const commandId = keyOf(story, step);
  const run = `run_${keyOf(story, "start")}`;
  const complete = (work: string) =>
    call(url, cookie, "inbox.complete", { id: `${run}.${work}`, outcome: null, values: {}, commandId });
  const answer = await {
    create: () =>
      call(url, cookie, "records.create", { type: "account", values: { name: `Account ${story.id}` }, commandId }),
    start: () =>
      call(url, cookie, "runs.start", { process: "chores", recordId: `acc_${keyOf(story, "create")}`, commandId }),
    call: () => complete("w1"),
    check: () => complete("w2"),
  }[step]();
  if (answer.ok) {
    story.acknowledged.push(commandId);
    story.next++;
    return "done";
  }
  if (answer.lost || answer.status === 503) return "gone";
  // The second task is offered when the wait is over.
  if (step === "check" && answer.code === "NOT_FOUND") return "wait";
  story.refused.push(`${commandId}: ${answer.status} ${answer.code} ${answer.text}`);
  return "gone";
}

/** A client: takes its own stories on, one step each in turn, and begins new ones while `isOpen`. Ends when the server is gone. */
export async function work(
  url: string,
  cookie: string,
  { stories, begin, isOpen }: { stories: Story[]; begin(): Story; isOpen(): boolean },
): Promise<void> {
  for (;;) {
    if (isOpen() && stories.filter((story) => !isDone(story)).length < 12) stories.push(begin());
    const open = stories.filter((story) => !isDone(story));
    if (open.length === 0) return;
    let waited = true;
    for (const story of open) {
      const how = await goOn(url, cookie, story);
      if (how === "gone") return;
      if (how === "done") waited = false;
    }
    if (waited) await sleep(50);
  }
}

type Count = { cause: string; type: string; n: number };

/** What stands in the database of a server that is down. */
export async function readLog(file: string) {
  const db = new Database(file, { readonly: true });
  try {
    return await readWith(async (sql) => db.prepare(sql).all());
  } finally {
    db.close();
  }
}

/** The same, given how to ask: the words are those of both databases. */
export async function readWith(ask: (sql: string) => Promise<readonly unknown[]>) {
  const all = async <T>(sql: string) => (await ask(sql)) as T[];
  return {
    /** Facts by the key they were asked under. */
    causes: await all<Count>(
      "select cause, type, count(*) n from event where type in ('RecordCreated','RunStarted','WorkCompleted') group by cause, type",
    ),
    greeted: await all<{ record: string; n: number }>(
      "select record_id record, count(*) n from run where process = 'greet' group by record_id",
    ),
    timers: await all<{ run: string; timer: string; n: number }>(
      "select stream_id run, data ->> 'id' timer, count(*) n from event where type = 'TimerFired' group by 1, 2",
    ),
    completed: await all<{ run: string; work: string; n: number }>(
      "select stream_id run, data ->> 'work' work, count(*) n from event where type = 'WorkCompleted' group by 1, 2",
    ),
    mails: await all<{ run: string; n: number }>(
      "select stream_id run, count(*) n from event where type = 'EffectRequested' and data -> 'effect' ->> 'kind' = 'mail' group by 1",
    ),
    receipts: (await all<{ n: number }>("select count(*) n from receipt"))[0]?.n ?? 0,
    jobs: await all<{ kind: string; dead: number | null; error: string | null }>(
      "select kind, dead_at dead, last_error error from job",
    ),
    open: (await all<{ n: number }>("select count(*) n from run where ended_at is null"))[0]?.n ?? 0,
  };
}

/** What is wrong with the log, given what was acknowledged: one line each. Empty while nothing is lost or doubled. */
export function faultsOf(seen: Awaited<ReturnType<typeof readLog>>, stories: readonly Story[]): string[] {
  const expected: Record<string, string> = {
    create: "RecordCreated",
    start: "RunStarted",
    call: "WorkCompleted",
    check: "WorkCompleted",
  };
  const counts = new Map(seen.causes.map(({ cause, type, n }) => [`${cause} ${type}`, n]));
  const lost = stories.flatMap((story) =>
    story.acknowledged.filter((key) => counts.get(`${key} ${expected[key.split("-").at(-1)!]}`) !== 1),
  );
  return [
    ...stories.flatMap((story) => story.refused.map((text) => `refused ${text}`)),
    ...lost.map((key) => `acknowledged, but not there once: ${key}`),
    ...seen.causes.filter(({ n }) => n > 1).map(({ cause, type, n }) => `${n} ${type} of ${cause}`),
    ...seen.greeted.filter(({ n }) => n > 1).map(({ record, n }) => `${record} was greeted ${n} times`),
    ...seen.timers.filter(({ n }) => n > 1).map(({ run, timer, n }) => `timer ${timer} of ${run} fired ${n} times`),
    ...seen.completed.filter(({ n }) => n > 1).map(({ run, work: id, n }) => `${run}.${id} was completed ${n} times`),
    ...seen.mails.filter(({ n }) => n > 1).map(({ run, n }) => `${run} asked for ${n} mails`),
    ...seen.jobs.filter(({ dead }) => dead !== null).map(({ kind, error }) => `a ${kind} was given up: ${error}`),
  ];
}
