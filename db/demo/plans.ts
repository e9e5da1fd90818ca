/** What is going to happen, in order of time. */
export type Plan = { at: number /** the run it is about */; run?: string; do(at: number): Promise<void> };

export function planBook() {
  const plans: Plan[] = [];
  return {
    add(plan: Plan): void {
      let low = 0;
      let high = plans.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (plans[middle]!.at <= plan.at) low = middle + 1;
        else high = middle;
      }
      plans.splice(low, 0, plan);
    },
    next: (): number => plans[0]?.at ?? Number.POSITIVE_INFINITY,
    /** Takes out what is planned up to `until`, in order: for one run only its first, as the others depend on it. */
    due(until: number): Plan[] {
      const taken: Plan[] = [];
      const runs = new Set<string>();
      for (let i = 0; i < plans.length && plans[i]!.at <= until; ) {
        const { run } = plans[i]!;
        if (run !== undefined && runs.has(run)) i++;
        else taken.push(...plans.splice(i, 1));
        if (run !== undefined) runs.add(run);
      }
      return taken;
    },
  };
}
export type PlanBook = ReturnType<typeof planBook>;
