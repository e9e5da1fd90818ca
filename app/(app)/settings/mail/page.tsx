import { MailScreen } from "@/components/settings/mail-screen.tsx";
import { NoRight } from "@/components/shell/no-right.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("mail");

export default async function Page() {
  const { caller, may } = await asking();
  return may("mail.test") ? <MailScreen state={await caller.mail.state()} /> : <NoRight />;
}
