import { redirect } from "next/navigation";
import { SetUp } from "@/components/set-up.tsx";
import { services } from "@/server/runtime/services.ts";

export default async function Page() {
  if (!(await services().isEmpty())) redirect("/");
  return <SetUp />;
}
