/**
 * The processes that come with the product: drafts to begin with. Their files are process text, made by importing the neutral
 * templates (`millrace process import FILE --out …`), and read from the folder the product runs in.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Label } from "@/server/records/field.ts";
import type { Process } from "@/server/engine/process.ts";
import { problemLine } from "@/server/interop/process-text/file-problem.ts";
import { readProcess } from "@/server/interop/process-text/read.ts";

export type ShippedTemplate = { key: string; recordType: string; name: Label; summary: Label };

/** In the order of the chain from lead to cash. */
export const shippedTemplates: readonly ShippedTemplate[] = [
  {
    key: "inbound_lead_to_meeting",
    recordType: "lead",
    name: { en: "Inbound lead to meeting", vi: "Từ khách hỏi đến cuộc hẹn" },
    summary: {
      en: "Turns every inquiry into a held, accepted meeting, a recycled lead with a reason, or a clean disqualification.",
      vi: "Đưa mọi yêu cầu đến một cuộc hẹn đã diễn ra và được chấp nhận, một khách tiềm năng nuôi dưỡng lại có lý do, hoặc một lần loại rõ ràng.",
    },
  },
  {
    key: "outbound_sequence",
    recordType: "lead",
    name: { en: "Outbound sequence", vi: "Chuỗi tiếp cận chủ động" },
    summary: {
      en: "Seven human touches over 14 working days on three channels, begun by a trigger, that book a meeting or stop politely.",
      vi: "Bảy lần tiếp xúc trong 14 ngày làm việc trên ba kênh, bắt đầu từ một sự kiện, để đặt được cuộc hẹn hoặc dừng lại lịch sự.",
    },
  },
  {
    key: "opportunity_to_close",
    recordType: "opportunity",
    name: { en: "Opportunity to close (MEDDICC)", vi: "Từ cơ hội đến chốt (MEDDICC)" },
    summary: {
      en: "Runs a new deal through discovery, fit, proposal, negotiation and contract with evidence gates, and closes it honestly either way.",
      vi: "Dẫn một thương vụ mới qua khảo sát, phù hợp, đề xuất, đàm phán và hợp đồng với các cổng bằng chứng, rồi chốt trung thực dù thắng hay thua.",
    },
  },
  {
    key: "deal_desk_approval",
    recordType: "quote",
    name: { en: "Deal desk approval", vi: "Phê duyệt thương vụ" },
    summary: {
      en: "Approves a quote at the lowest level that policy allows, with every exception recorded and every condition locked into the quote.",
      vi: "Duyệt báo giá ở cấp thấp nhất mà chính sách cho phép, ghi lại mọi ngoại lệ và khóa mọi điều kiện vào báo giá.",
    },
  },
  {
    key: "quote_to_order",
    recordType: "quote",
    name: { en: "Quote to order", vi: "Từ báo giá đến đơn hàng" },
    summary: {
      en: "Builds a quote that can be executed, gets it approved and signed, and turns it into an order without typing anything twice.",
      vi: "Lập báo giá thực hiện được, lấy phê duyệt và chữ ký, rồi chuyển thành đơn hàng mà không phải nhập lại.",
    },
  },
  {
    key: "order_to_cash",
    recordType: "invoice",
    name: { en: "Order to cash (with dunning)", vi: "Từ đơn hàng đến tiền về (có nhắc nợ)" },
    summary: {
      en: "Issues a correct invoice, proves it arrived, collects it on time, handles disputes first and escalates collection in five levels.",
      vi: "Phát hành hóa đơn đúng, xác nhận đã đến nơi, thu đúng hạn, xử lý tranh chấp trước và nâng mức thu nợ theo năm bậc.",
    },
  },
  {
    key: "customer_onboarding_handoff",
    recordType: "subscription",
    name: { en: "Customer onboarding handoff", vi: "Bàn giao và triển khai khách hàng" },
    summary: {
      en: "Moves what was sold from sales to customer success without loss, and drives the customer to a defined first value.",
      vi: "Chuyển trọn vẹn những gì đã bán từ kinh doanh sang chăm sóc khách hàng, và đưa khách đến giá trị đầu tiên đã định.",
    },
  },
  {
    key: "renewal_and_churn_save",
    recordType: "subscription",
    name: { en: "Renewal and churn save", vi: "Gia hạn và giữ khách" },
    summary: {
      en: "Starts 120 days before the term ends, proves value, settles the terms before the notice deadline, and records why anyone leaves.",
      vi: "Bắt đầu 120 ngày trước khi hết hạn, chứng minh giá trị, thống nhất điều khoản trước hạn báo trước, và ghi lại lý do khi khách rời đi.",
    },
  },
];

/** The record type of a process that comes with the product. */
export const shippedRecordType = (process: string): string | undefined =>
  shippedTemplates.find(({ key }) => key === process)?.recordType;

export const templateFile = (key: string): string => path.join(process.cwd(), "server", "templates", `${key}.yaml`);

/** One of them, as a draft. Null for a key that is not shipped; a damaged file is a broken installation, and throws. */
export async function readShippedTemplate(key: string): Promise<Process | null> {
  if (!shippedTemplates.some((template) => template.key === key)) return null;
  const read = readProcess(await readFile(templateFile(key)));
  if (!read.ok || read.problems.length > 0)
    throw new Error(`${templateFile(key)} is damaged: ${read.problems.map(problemLine).join(" ")}`);
  return read.process;
}
