import { currency, datetime, decimal, integer, money, picklist, reference, text, recordTypeOf } from "../field.ts";

/** Money received (or attempted) against an invoice. */
export const payment = recordTypeOf({
  key: "payment",
  label: { en: "Payment", vi: "Thanh toán" },
  plural: { en: "Payments", vi: "Thanh toán" },
  fields: {
    account_id: reference("account", "Account", "Khách hàng", { required: true }),
    invoice_id: reference("invoice", "Invoice", "Hóa đơn"),
    amount: money("Amount", "Số tiền", { required: true }),
    amount_base: decimal("Amount (base)", "Số tiền (tiền gốc)", { derived: true }),
    currency: currency("Currency", "Tiền tệ", { required: true }),
    method: picklist("payment_method", "Method", "Phương thức"),
    status: picklist("payment_status", "Status", "Trạng thái", { default: "pending" }),
    received_at: datetime("Received at", "Nhận lúc"),
    reference: text("Reference", "Mã tham chiếu"),
    failure_code: text("Failure code", "Mã lỗi"),
    retry_count: integer("Retries", "Số lần thử lại", { min: 0, default: 0 }),
    unapplied_amount: money("Unapplied amount", "Số tiền chưa phân bổ", { default: 0 }),
  },
  duplicateKeys: [
    {
      name: "processor_reference",
      fields: ["reference", "amount", "currency"],
      match: "exact",
      confidence: 1,
      action: "reject_import_row",
    },
  ],
  lifecycle: {
    field: "status",
    transitions: {
      pending: ["succeeded", "failed"],
      failed: ["pending"],
      succeeded: ["refunded", "chargeback"],
      refunded: [],
      chargeback: [],
    },
  },
});
