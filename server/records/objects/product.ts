import { currency, money, picklist, text, yesNo, recordTypeOf } from "../field.ts";

/** A sellable item. */
export const product = recordTypeOf({
  key: "product",
  label: { en: "Product", vi: "Sản phẩm" },
  plural: { en: "Products", vi: "Sản phẩm" },
  fields: {
    sku: text("SKU", "SKU", { required: true, unique: true }),
    name: text("Name", "Tên", { required: true }),
    family: text("Family", "Dòng sản phẩm"),
    recurrence: picklist("line_recurrence", "Recurrence", "Định kỳ"),
    list_price: money("List price", "Giá niêm yết", { unitPrice: true }),
    currency: currency("Currency", "Tiền tệ"),
    active: yesNo("Active", "Đang bán", { default: true }),
  },
  duplicateKeys: [{ name: "sku", fields: ["sku"], match: "exact", confidence: 1, action: "auto_merge" }],
  lifecycle: null,
});
