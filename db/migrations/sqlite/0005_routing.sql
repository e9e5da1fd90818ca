CREATE TABLE `pick` (
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`no` integer NOT NULL,
	`at` integer NOT NULL,
	`process` text NOT NULL,
	`record_id` text NOT NULL,
	`role` text NOT NULL,
	`queue` text,
	`rule` text NOT NULL,
	`member` text NOT NULL,
	`turn` integer,
	PRIMARY KEY(`workspace_id`, `run_id`, `no`)
);
--> statement-breakpoint
CREATE INDEX `pick_queue` ON `pick` (`workspace_id`,`queue`,`at`) WHERE queue is not null;--> statement-breakpoint
CREATE INDEX `pick_turn` ON `pick` (`workspace_id`,`queue`,`turn`) WHERE turn is not null;--> statement-breakpoint
CREATE INDEX `pick_day` ON `pick` (`workspace_id`,`at`);--> statement-breakpoint
ALTER TABLE `member` ADD `skills` text;--> statement-breakpoint
ALTER TABLE `queue` ADD `settings` text;