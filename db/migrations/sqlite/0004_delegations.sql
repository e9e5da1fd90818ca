CREATE TABLE `delegation` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`member_id` text NOT NULL,
	`delegate_id` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `delegation_member` ON `delegation` (`workspace_id`,`member_id`);