import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";
import { BatchesScreen } from "@/components/operate/batches-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";

export const generateMetadata = () => titleOf("batches");

export default async function Page() {
  const { caller, may } = await asking();
  if (!may("batches.read")) return <NoRight />;
  return <BatchesScreen {...(await caller.batches.list())} />;
}
