import { FieldsScreen } from "@/components/settings/fields-screen.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("fields");

export default async function Page() {
  const { caller, may } = await asking();
  return <FieldsScreen fields={await caller.fields.list()} mayChange={may("fields.change")} />;
}
