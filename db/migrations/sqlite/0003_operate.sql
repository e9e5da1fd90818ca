CREATE TABLE `batch` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`filter` text NOT NULL,
	`params` text NOT NULL,
	`asked_by` text NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`gathered` integer NOT NULL,
	`text` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `batch_list` ON `batch` (`workspace_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `batch_item` (
	`workspace_id` text NOT NULL,
	`batch_id` text NOT NULL,
	`run_id` text NOT NULL,
	`status` text NOT NULL,
	`text` text,
	`at` integer,
	PRIMARY KEY(`workspace_id`, `batch_id`, `run_id`)
);
--> statement-breakpoint
CREATE INDEX `batch_item_status` ON `batch_item` (`workspace_id`,`batch_id`,`status`);--> statement-breakpoint
CREATE TABLE `line_stop` (
	`workspace_id` text NOT NULL,
	`process` text NOT NULL,
	`node` text NOT NULL,
	`reason` text NOT NULL,
	`clocks` text NOT NULL,
	`stopped_by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `process`, `node`)
);
--> statement-breakpoint
CREATE TABLE `outgoing_hold` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`backup_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_dead` ON `job` (`workspace_id`,`dead_at`) WHERE dead_at is not null;--> statement-breakpoint
CREATE INDEX `run_started` ON `run` (`workspace_id`,`started_at`,`id`);