/** What is going to happen, in order of time. */
export type Plan = { at: number; do(now: number): Promise<void> };

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
    /** Takes out everything planned up to `at`. */
    due(at: number): Plan[] {
      let count = 0;
      while (count < plans.length && plans[count]!.at <= at) count++;
      return plans.splice(0, count);
    },
  };
}
export type PlanBook = ReturnType<typeof planBook>;
