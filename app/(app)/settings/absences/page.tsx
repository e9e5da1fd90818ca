import { AbsencesScreen } from "@/components/settings/absences-screen.tsx";
import { Delegations } from "@/components/settings/delegations.tsx";
import { asking } from "@/app/asking.ts";
import { titleOf } from "@/app/title.ts";

export const generateMetadata = () => titleOf("absences");

export default async function Page() {
  const { caller, me } = await asking();
  const { people } = await caller.people.list();
  const all = me.roles.includes("admin") || me.roles.includes("ops");
  const mine = people.filter(
    (one) =>
      one.status === "active" &&
      (all ||
        one.id === me.memberId ||
        (me.roles.includes("manager") &&
          (one.managerId === me.memberId || (one.teamId !== null && one.teamId === me.teamId)))),
  );
  return (
    <AbsencesScreen
      absences={await caller.absences.list()}
      people={mine.map(({ id, name, zone }) => ({ id, name, zone }))}
      me={me.memberId}
    >
      <Delegations
        delegations={await caller.delegations.list()}
        people={mine.map(({ id, name, zone }) => ({ id, name, zone }))}
        colleagues={people.flatMap(({ id, name, status }) => (status === "active" ? { id, name } : []))}
        me={me.memberId}
      />
    </AbsencesScreen>
  );
}
