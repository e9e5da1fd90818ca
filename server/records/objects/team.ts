import { reference, text, timezone, recordTypeOf } from "../field.ts";

/** A group of users with one manager, one calendar and shared queues. */
export const team = recordTypeOf({
  key: "team",
  label: { en: "Team", vi: "Nhóm" },
  plural: { en: "Teams", vi: "Nhóm" },
  fields: {
    name: text("Name", "Tên", { required: true }),
    manager_id: reference("user", "Manager", "Quản lý"),
    timezone: timezone("Time zone", "Múi giờ"),
    function: text("Function", "Chức năng"),
  },
  duplicateKeys: [{ name: "name", fields: ["name"], match: "exact", confidence: 1, action: "review" }],
  lifecycle: null,
});
