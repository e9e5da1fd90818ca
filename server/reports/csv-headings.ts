import type { Language } from "@/server/records/field.ts";

/** Columns of the files people save, in Vietnamese. In English a column is called as it is named here, as programs read it. */
const vietnamese: Readonly<Record<string, string>> = {
  actor: "Người thực hiện",
  actor_id: "Mã người thực hiện",
  allowed: "Được phép",
  amount: "Giá trị",
  at: "Lúc (UTC)",
  at_utc: "Lúc (UTC)",
  by: "Người giao",
  by_key: "Khóa API",
  detail: "Chi tiết",
  due_utc: "Hạn (UTC)",
  ended_utc: "Kết thúc (UTC)",
  event: "Sự kiện",
  from: "Trước",
  id: "Mã",
  in_step_since_utc: "Ở bước từ (UTC)",
  incident_codes: "Mã sự cố",
  incidents: "Sự cố",
  late: "Trễ hạn",
  next: "Người kế tiếp",
  outcome: "Kết quả",
  owner: "Người phụ trách",
  pool: "Tình trạng từng người",
  process: "Quy trình",
  reason: "Lý do",
  record: "Bản ghi",
  record_id: "Mã bản ghi",
  record_type: "Loại bản ghi",
  row: "Dòng",
  rule: "Quy tắc",
  run: "Lượt chạy",
  stands_in_for: "Làm thay",
  started_utc: "Bắt đầu (UTC)",
  status: "Trạng thái",
  steps: "Các bước",
  subject: "Đối tượng",
  subject_title: "Tên đối tượng",
  title: "Tên",
  to: "Sau",
  turn: "Lượt số",
  version: "Phiên bản",
  what: "Việc",
};

/** The first line of a file, in its reader's language. A column that is somebody's own stays as it is. */
export const csvHeadings = (
  columns: readonly string[],
  language: Language,
  /** Where a file means something else by a column. */
  own: Readonly<Record<string, string>> = {},
): string[] => columns.map((column) => (language === "vi" ? (own[column] ?? vietnamese[column] ?? column) : column));
