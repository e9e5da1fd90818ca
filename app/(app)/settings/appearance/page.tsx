import { AppearanceScreen } from "@/components/settings/appearance-screen.tsx";
import { asking } from "@/app/asking.ts";
import { placesOf } from "@/app/place-choices.ts";
import { preferences } from "@/app/preferences.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("appearance");

export default async function Page() {
  const { me } = await asking();
  const { theme, locale } = await preferences();
  return <AppearanceScreen theme={theme} locale={locale} zone={me.zone} zones={(await placesOf()).zones} />;
}
