import { StepStates } from "@/components/dev/step-states.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("stepStates");

export default async function Page() {
  const { may } = await asking();
  return may("processes.edit") ? <StepStates /> : <NoRight />;
}
