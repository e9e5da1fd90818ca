import { postgresKit } from "./kit.ts";
import { makeTables } from "./tables.ts";

export const tables = makeTables(postgresKit);
export const { workspace, logHead, member, team, absence, queue, calendar, process, processVersion, draft, event, receipt, run, runLink, stepVisit, workItem, slaClock, incident, job, record, recordLink, notice, importJob, importRow, importMapping, apiKey, audit } = tables;
