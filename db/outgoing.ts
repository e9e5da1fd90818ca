/** Jobs that stay inside the product: clocks, batches, upkeep, counting, what runs tell each other, and messages that came in. Every other kind reaches somebody outside. */
export const innerKinds = [
  "timer",
  "schedule",
  "batch",
  "upkeep",
  "recount",
  "record_changed",
  "emit",
  "start_process",
  "child_ended",
  "cancel_child",
  "notice",
  "hook",
] as const;
