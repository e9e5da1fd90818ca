import { date, datetime, integer, longText, picklist, reference, text, yesNo, recordTypeOf } from "../field.ts";

/** A legal document with the account. */
export const contract = recordTypeOf({
  key: "contract",
  label: { en: "Contract", vi: "Hợp đồng" },
  plural: { en: "Contracts", vi: "Hợp đồng" },
  fields: {
    number: text("Number", "Số", { unique: true }),
    account_id: reference("account", "Account", "Khách hàng", { required: true }),
    opportunity_id: reference("opportunity", "Opportunity", "Cơ hội"),
    quote_id: reference("quote", "Quote", "Báo giá"),
    contract_type: picklist("contract_type", "Type", "Loại hợp đồng", { required: true }),
    paper: picklist("contract_paper", "Paper", "Mẫu giấy tờ", { default: "ours" }),
    status: picklist("contract_status", "Status", "Trạng thái", { default: "draft" }),
    redline_round_count: integer("Redline rounds", "Số vòng chỉnh sửa", { derived: true }),
    risk_level: picklist("risk_level", "Risk", "Mức rủi ro", { default: "low" }),
    fallback_clauses_used: longText("Fallback clauses used", "Điều khoản dự phòng đã dùng"),
    signed_by_customer_at: datetime("Signed by customer", "Khách hàng ký lúc"),
    signed_by_vendor_at: datetime("Signed by us", "Chúng ta ký lúc"),
    effective_date: date("Effective date", "Ngày hiệu lực"),
    end_date: date("End date", "Ngày kết thúc"),
    notice_period_days: integer("Notice period (days)", "Thời hạn báo trước (ngày)", { default: 60 }),
    auto_renew: yesNo("Renews automatically", "Tự động gia hạn", { default: true }),
  },
  duplicateKeys: [{ name: "number", fields: ["number"], match: "exact", confidence: 1, action: "reject_import_row" }],
  lifecycle: {
    field: "status",
    transitions: {
      draft: ["in_review", "out_for_signature", "void"],
      in_review: ["redlining", "out_for_signature", "void"],
      redlining: ["in_review", "out_for_signature", "void"],
      out_for_signature: ["signed", "redlining", "void"],
      signed: [],
      void: [],
    },
  },
});
