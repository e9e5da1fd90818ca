import { datetime, integer, longText, picklist, reference, text, yesNo, recordTypeOf } from "../field.ts";

/** A touch between people, or a system action worth a timeline entry. Append-only. */
export const activity = recordTypeOf({
  key: "activity",
  label: { en: "Activity", vi: "Hoạt động" },
  plural: { en: "Activities", vi: "Hoạt động" },
  fields: {
    type: picklist("activity_type", "Type", "Loại hoạt động", { required: true }),
    direction: picklist("activity_direction", "Direction", "Chiều"),
    subject: text("Subject", "Tiêu đề"),
    body: longText("Body", "Nội dung"),
    related_type: text("Related type", "Loại bản ghi liên quan"),
    related_id: text("Related record", "Bản ghi liên quan"),
    contact_id: reference("contact", "Contact", "Liên hệ"),
    owner_id: reference("user", "Owner", "Người phụ trách"),
    occurred_at: datetime("When", "Thời điểm", { required: true }),
    duration_seconds: integer("Duration (seconds)", "Thời lượng (giây)", { min: 0 }),
    outcome: picklist("activity_outcome", "Outcome", "Kết quả", { default: "none" }),
    channel_message_id: text("Message ID", "Mã tin nhắn"),
    is_first_touch: yesNo("First touch", "Lần liên hệ đầu", { derived: true }),
    step_visit_id: text("Step visit", "Lượt qua bước"),
  },
  duplicateKeys: [
    { name: "channel_message", fields: ["channel_message_id"], match: "exact", confidence: 1, action: "skip" },
    {
      name: "same_minute",
      fields: ["type", "owner_id", "related_id", "occurred_at"],
      match: "same_minute",
      confidence: 0.9,
      action: "skip",
    },
  ],
  lifecycle: null,
});
