import { currency, date, decimal, money, percent, picklist, reference, text, recordTypeOf } from "../field.ts";

/** One priced product on a quote. */
export const quoteLine = recordTypeOf({
  key: "quote_line",
  label: { en: "Quote line", vi: "Dòng báo giá" },
  plural: { en: "Quote lines", vi: "Dòng báo giá" },
  fields: {
    quote_id: reference("quote", "Quote", "Báo giá", { required: true }),
    product_id: reference("product", "Product", "Sản phẩm"),
    sku: text("SKU", "SKU", { required: true }),
    description: text("Description", "Mô tả"),
    /** The currency of its quote, so that a line's amounts can be read by themselves. */
    currency: currency("Currency", "Tiền tệ", { derived: true, added: true }),
    quantity: decimal("Quantity", "Số lượng", { min: 0 }),
    list_price: money("List price", "Giá niêm yết", { unitPrice: true }),
    net_price: money("Net price", "Giá sau chiết khấu", { unitPrice: true }),
    discount_percent: percent("Discount %", "Chiết khấu %", { derived: true }),
    line_total: money("Line total", "Thành tiền", { derived: true }),
    recurrence: picklist("line_recurrence", "Recurrence", "Định kỳ", { required: true }),
    start_date: date("Start date", "Ngày bắt đầu"),
    end_date: date("End date", "Ngày kết thúc"),
    unit_cost: money("Unit cost", "Giá vốn đơn vị", { unitPrice: true }),
  },
  duplicateKeys: [
    {
      name: "quote_sku_start",
      fields: ["quote_id", "sku", "start_date"],
      match: "exact",
      confidence: 1,
      action: "review",
    },
  ],
  lifecycle: null,
});
