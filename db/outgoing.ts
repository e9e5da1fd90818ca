/** Jobs that stay inside the product: clocks, batches, upkeep, what runs tell each other, and messages that came in. Every other kind reaches somebody outside. */
export const innerKinds = [
  "timer",
  "schedule",
  "batch",
  "upkeep",
  "record_changed",
  "emit",
  "start_process",
  "child_ended",
  "cancel_child",
  "notice",
  "hook",
] as const;
