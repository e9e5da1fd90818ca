/** Jobs that stay inside the product: clocks, batches, and what runs tell each other. Every other kind reaches somebody outside. */
export const innerKinds = [
  "timer",
  "schedule",
  "batch",
  "record_changed",
  "emit",
  "start_process",
  "child_ended",
  "cancel_child",
  "notice",
] as const;
