/** Companies, people and sentences of the demo. None of them exists. */
import type { Chance } from "./chance.ts";

const first = [
  "Meridian",
  "Lotus",
  "Harbour",
  "Sông Hồng",
  "Alder",
  "Bảo An",
  "Kestrel",
  "Orion",
  "Tân Phú",
  "Juniper",
];
const second = ["Foods", "Logistics", "Textiles", "Health", "Robotics", "Energy", "Retail", "Insurance"];
const countries = ["VN", "VN", "VN", "GB", "GB", "DE", "FR", "SG"];

export type Company = { name: string; domain: string; country: string };

/** Every pair of the two lists once, in an order of chance. */
export function companies(count: number, chance: Chance): Company[] {
  const all = first.flatMap((a) => second.map((b) => `${a} ${b}`));
  return Array.from({ length: Math.min(count, all.length) }, () => {
    const [name] = all.splice(Math.floor(chance.next() * all.length), 1);
    return { name: name!, domain: `${plainLetters(name!)}.example`, country: chance.pick(countries) };
  });
}

const plainLetters = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("đ", "d")
    .replaceAll("Đ", "D")
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-");

export const firstNames = ["Anh", "Bích", "Carla", "Duy", "Emma", "Giang", "Hannah", "Khánh", "Liam", "Nora", "Oliver"];
export const lastNames = ["Nguyễn", "Trần", "Lê", "Hughes", "Schmidt", "Moreau", "Tan", "Vũ", "Baker", "Costa"];
export const jobTitles = ["Head of operations", "Finance director", "CIO", "Sales director", "Procurement lead"];
export const projects = ["rollout", "renewed platform", "regional launch", "field teams", "back office", "pilot"];

/** What people write into text fields, by the field's last name; other fields get the last list. */
export const sentences: Readonly<Record<string, readonly string[]>> = {
  pain_summary: [
    "Quotes take nine days and two of ten are wrong; finance re-types every order.",
    "Renewals are noticed when the customer calls to cancel; 14 % churn last year.",
    "Three regions report pipeline in three spreadsheets; the board no longer trusts it.",
  ],
  metrics_summary: [
    "Quote time from 9 days to 2; owned by the finance director.",
    "Churn from 14 % to 9 % in a year; owned by the head of customers.",
    "Forecast error from 30 % to 10 %; owned by the sales director.",
  ],
  next_step: [
    "Call with the economic buyer",
    "Send the plan for review",
    "Workshop with their IT",
    "Agree the paper steps",
  ],
  paper_process: ["Legal, then procurement, then the CFO signs; about three weeks.", "One signer, order form only."],
  need_summary: ["Leads wait two days for an answer.", "Nobody sees which deals are stuck.", "Orders are typed twice."],
  business_justification: ["List 48k, we ask 43k, they sign two years and a reference; at a no they wait a quarter."],
  give_get: ["Ten percent for a two-year term and prepayment."],
  non_standard_terms_detail: ["Liability capped at twelve months of fees instead of six."],
  approval_conditions: ["Prepayment of the first year."],
  "": ["Agreed with the customer by phone.", "Confirmed in writing.", "Written down in the meeting notes."],
};
