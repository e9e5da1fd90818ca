/** The id of the run that an effect of a run starts: the same effect gives the same run, so it is started once and found again. */
export const startedRun = (workspaceId: string, runId: string, effect: string): string =>
  startedBy(`${workspaceId}:${runId}:e:${effect}`);

/** The same by the job's id, which is made of these three. */
export const startedBy = (job: string): string => `run_${job.replaceAll(/[^a-z0-9]/gi, "")}`;
