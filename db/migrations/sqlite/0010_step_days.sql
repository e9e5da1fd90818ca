CREATE TABLE `day_count` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`zone` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `step_day` (
	`workspace_id` text NOT NULL,
	`process` text NOT NULL,
	`day` integer NOT NULL,
	`node` text NOT NULL,
	`version` integer NOT NULL,
	`arrivals` integer NOT NULL,
	`reworks` integer NOT NULL,
	`completions` integer NOT NULL,
	`skips` integer NOT NULL,
	`cancellations` integer NOT NULL,
	`sojourn_ms` integer NOT NULL,
	`blocked_ms` integer NOT NULL,
	`touch_ms` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `process`, `day`, `node`, `version`)
);
--> statement-breakpoint
CREATE TABLE `step_time` (
	`workspace_id` text NOT NULL,
	`process` text NOT NULL,
	`day` integer NOT NULL,
	`node` text NOT NULL,
	`version` integer NOT NULL,
	`bucket` integer NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `process`, `day`, `node`, `version`, `bucket`)
);
