/** What opens over a page that has something to open it on, in both languages and themes, by key. */
import { idsOfDemo } from "./act.ts";
import { looks, test } from "./looks.ts";
import { type Opening, walkDialog } from "./walk-dialog.ts";

test.describe.configure({ mode: "parallel" });

const openings: readonly Opening[] = [
  ["/settings/people", "settings.people.leaveOf"],
  ["/settings/people", "settings.people.passwordOf"],
  ["/settings/people", "settings.people.letInOf"],
  ["/settings/teams", "settings.teams.changeOf"],
  ["/settings/teams", "routing.balanceOf"],
  ["/settings/queues", "settings.queues.changeOf"],
  ["/settings/queues", "routing.balanceOf"],
  ["/settings/calendars", "settings.calendars.changeOf"],
  ["/settings/fields", "settings.fields.changeOf"],
  ["/settings/connections", "settings.connections.editOf"],
  ["/settings/connections", "settings.connections.receivedOf"],
  ["/settings/connections", "settings.connections.removeOf"],
  ["/operate?status=active", "operate.runs.actAll"],
  ["/processes/{process}/edit", "editor.publish"],
  ["/records/{running}", "record.why"],
  ["/records/{running}", "record.move.open"],
  ["/records/{running}", "runVersion.open"],
  ["/records/{idle}", "noRun.open"],
];

for (const look of looks)
  test.describe(`in ${look.locale}, ${look.theme}`, () => {
    for (const [route, button] of openings)
      test(`${route}: ${button}`, async ({ windowOf }) => {
        const { page, context } = await windowOf("admin", look);
        const ids = await idsOfDemo(context);
        await walkDialog(
          page,
          route.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? ""),
          look,
          button,
        );
      });
  });
