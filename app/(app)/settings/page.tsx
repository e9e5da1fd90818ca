import { redirect } from "next/navigation";
import { asking } from "@/app/asking.ts";

/** Admins begin with people, everybody else with how things look. */
export default async function Page() {
  const { may } = await asking();
  redirect(may("people.change") ? "/settings/people" : "/settings/appearance");
}
