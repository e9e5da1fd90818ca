import { email, integer, picklist, reference, text, timezone, recordTypeOf } from "../field.ts";

/** A person who works in the product. */
export const user = recordTypeOf({
  key: "user",
  label: { en: "User", vi: "Người dùng" },
  plural: { en: "Users", vi: "Người dùng" },
  fields: {
    name: text("Name", "Tên", { required: true, personal: true }),
    email: email("E-mail", "E-mail", { required: true, unique: true, personal: true }),
    timezone: timezone("Time zone", "Múi giờ", { required: true }),
    status: picklist("user_status", "Status", "Trạng thái", { default: "active" }),
    manager_id: reference("user", "Manager", "Quản lý"),
    team_id: reference("team", "Team", "Nhóm"),
    daily_capacity: integer("Daily capacity", "Năng lực mỗi ngày"),
    backup_user_id: reference("user", "Backup", "Người thay thế"),
  },
  duplicateKeys: [{ name: "email", fields: ["email"], match: "exact", confidence: 1, action: "auto_merge" }],
  lifecycle: null,
});
