import { postgresKit } from "./kit.ts";
import { makeTables } from "./tables.ts";

export const tables = makeTables(postgresKit);
export const { workspace, logHead, member, team, absence, queue, calendar, process, processVersion, draft, event, receipt, run, runLink, stepVisit, workItem, slaClock, incident, job, record, recordLink, recordKey, notice, importJob, importRow, importMapping, apiKey, audit, authUser, authSession, authAccount, authVerification, signInCount, installation } = tables;
