/** The two addresses of imports that are no procedures: a file comes in, the rows that did not fit go out. */
import { findImport } from "@/db/queries/imports.ts";
import type { RowProblem } from "@/server/commands/import-job.ts";
import { refuse, sendJson } from "@/server/http/refuse.ts";
import { megabyte, type Route } from "@/server/http/route.ts";
import { writeCsv } from "@/server/interop/csv/write-csv.ts";
import { csvHeadings } from "@/server/reports/csv-headings.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { actionRoute } from "./action-route.ts";

export const importRoutes = (services: Services): Route[] => [upload(services), failedRows(services)];

/** The bytes of one file; its name, percent-encoded, stands in `x-file-name`. Answers the id under which it is kept. */
const upload = (services: Services): Route =>
  actionRoute(services, {
    action: "records.import.preview",
    path: "/api/imports/upload",
    methods: ["POST"],
    accepts: "application/octet-stream",
    limit: 50 * megabyte,
    async handle({ person }, request, response) {
      const saved = await services.uploads.save(
        {
          workspaceId: person.workspaceId,
          fileName: labelOf(request.headers["x-file-name"]),
          at: services.clock.now(),
        },
        request,
      );
      sendJson(response, 200, { id: saved.id, fileName: saved.fileName, size: saved.size });
    },
  });

/** Rows that were left out, as they stood in the file, each with its reason: to be mended and imported again. */
const failedRows = (services: Services): Route =>
  actionRoute(services, {
    action: "records.import",
    path: "/api/imports/failed",
    methods: ["GET"],
    accepts: "application/json",
    limit: 0,
    async handle({ person, say, language }, _request, response, url) {
      const job = await findImport(services.store, person.workspaceId, url.searchParams.get("id") ?? "");
      if (!job)
        return refuse(response, 404, {
          code: "NOT_FOUND",
          text: say("This import does not exist, or you may not see it."),
          id: services.newId("ref"),
        });
      const problems = job.problems as RowProblem[];
      const columns = (job.mapping as { fileColumns?: string[] }).fileColumns ?? [];
      response.writeHead(200, {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="left-out-${job.id}.csv"`,
        "cache-control": "no-store",
      });
      const rows = problems.map(({ row, text, cells = [] }) => [
        row,
        say(text),
        ...columns.map((_, i) => cells[i] ?? ""),
      ]);
      for (const line of writeCsv([...csvHeadings(["row", "reason"], language), ...columns], rows, {
        byteOrderMark: true,
      }))
        response.write(line);
      response.end();
    },
  });

function labelOf(header: string | string[] | undefined): string {
  const text = typeof header === "string" ? header : "";
  try {
    return (
      decodeURIComponent(text)
        .replace(/^.*[\\/]/, "")
        .slice(0, 200) || "file"
    );
  } catch {
    return "file";
  }
}
