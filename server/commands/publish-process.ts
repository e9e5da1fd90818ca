import { and, desc, eq } from "drizzle-orm";
import type { WriteSet } from "@/db/store.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { CheckContext, Problem } from "@/server/engine/checks/problems.ts";
import { type Process, sameHours } from "@/server/engine/process.ts";
import { sentence } from "@/server/engine/work/form.ts";
import { checkDraft } from "@/server/steps/index.ts";
import type { Ask, Deps } from "./deps.ts";
import { dailyTime, scheduleJob } from "./schedule.ts";

/**
 * Makes a document the live version: new runs start on it, running ones keep theirs. Refused while it has errors, or when
 * another version was published since `baseVersion`. Calendars and queues it names are made in the workspace if it lacks them;
 * hours that were drawn anew become a revision.
 */
export async function publishProcess(
  { store, loop, contexts, newId }: Deps,
  ask: Ask,
  input: {
    processId: string;
    document: Process;
    note: string;
    baseVersion: number | null;
    memberId: string | null;
    changes: number;
    check?: CheckContext;
  },
): Promise<{ ok: true; version: number } | Refusal> {
  const { read, t } = store;
  const { workspaceId } = ask;
  const commandId = ask.commandId ?? newId("cmd");
  const answer = await loop.write({
    workspaceId,
    id: commandId,
    make: async () => {
      const [process] = await read
        .select()
        .from(t.process)
        .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.id, input.processId)));
      if (!process) return refuse("NOT_FOUND", "This process does not exist.");
      if ((process.liveVersion ?? null) !== input.baseVersion)
        return refuse(
          "CONFLICT",
          `Version ${process.liveVersion} was published in the meantime. Nothing was published; compare it with your draft first.`,
        );
      const { people } = (await contexts.get(workspaceId, ask.now)).directory;
      const owned = people.get(process.ownerId ?? "")?.active === true;
      const problems = checkDraft(input.document, { ...input.check, hasOwner: () => owned });
      const errors = problems.filter((p) => p.severity === "error");
      if (errors.length) {
        const [{ text: first }, ...others] = errors as [Problem, ...Problem[]];
        const more = others.length ? [`And ${others.length} more.`] : [];
        const said = [first, ...more].join(" ");
        return refuse("UNSOUND", `${said} Nothing was published.`, { problems: errors as unknown as Plain });
      }
      const [last] = await read
        .select({ version: t.processVersion.version, document: t.processVersion.document })
        .from(t.processVersion)
        .where(and(eq(t.processVersion.workspaceId, workspaceId), eq(t.processVersion.processId, input.processId)))
        .orderBy(desc(t.processVersion.version))
        .limit(1);
      const version = (last?.version ?? 0) + 1;
      const document = { ...input.document, key: process.key };
      const { zone } = await contexts.get(workspaceId, ask.now);
      const time = dailyTime(document);
      const set: WriteSet = {
        workspaceId,
        guards: [],
        events: [
          {
            type: "ProcessPublished",
            stream: { kind: "process", id: input.processId },
            version,
            at: ask.now,
            actor: ask.actor,
            cause: commandId,
            data: { version, note: input.note, changes: input.changes },
          },
        ],
        put: {
          process: [
            {
              ...process,
              name: document.name,
              recordType: document.recordType,
              liveVersion: version,
              status: "published",
            },
          ],
          processVersion: [
            {
              workspaceId,
              processId: input.processId,
              version,
              document,
              note: input.note,
              authorId: input.memberId,
              publishedAt: ask.now,
            },
          ],
          ...(time && { job: [scheduleJob(workspaceId, document.key, time, zone, ask.now)] }),
          ...(await missingParts(store, workspaceId, document, last?.document, ask.now)),
        },
        drop: input.memberId ? { draft: [[workspaceId, input.processId, input.memberId]] } : {},
      };
      return { ok: true, value: { version }, sets: [set] };
    },
  });
  return answer.ok ? { ok: true, version: (answer.value as { version: number }).version } : answer;
}

/** Calendars and queues of the document that the workspace has not yet. An existing one is kept: the names are bound to it. */
async function missingParts(
  { read, t }: Deps["store"],
  workspaceId: string,
  document: Process,
  before: Process | undefined,
  now: number,
): Promise<Pick<WriteSet["put"], "calendar" | "queue">> {
  const newest = new Map<string, number>();
  for (const { key, revision } of await read
    .select({ key: t.calendar.key, revision: t.calendar.revision })
    .from(t.calendar)
    .where(eq(t.calendar.workspaceId, workspaceId)))
    newest.set(key, Math.max(newest.get(key) ?? 0, revision));
  const queues = new Set(
    (await read.select({ key: t.queue.key }).from(t.queue).where(eq(t.queue.workspaceId, workspaceId))).map(
      (q) => q.key,
    ),
  );
  return {
    calendar: Object.entries(document.calendars).flatMap(([key, definition]) => {
      const own = `${document.key}.${key}`;
      const revision = newest.get(own) ?? 0;
      // A process's own calendar becomes the workspace's only if its key is free there; two processes may mean different hours.
      if (!revision && newest.has(key)) return [];
      // Hours drawn anew are a new revision; hours changed in the settings meanwhile stay as they are.
      const drawn = before?.calendars[key];
      if (revision && drawn && sameHours(drawn, definition)) return [];
      const name = definition.name ?? key;
      return { workspaceId, key: own, revision: revision + 1, name, definition, validFrom: now };
    }),
    queue: Object.entries(document.queues)
      .filter(([key]) => !queues.has(key))
      .map(([key, queue]) => ({
        workspaceId,
        key,
        // The settings give it another one, which then counts everywhere.
        name: queue.name ?? sentence(key),
        members: [],
      })),
  };
}
