CREATE TABLE `connection` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`host` text NOT NULL,
	`config` text NOT NULL,
	`secret` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `connection_key` ON `connection` (`workspace_id`,`key`);--> statement-breakpoint
CREATE TABLE `webhook_receipt` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`connection_id` text NOT NULL,
	`message` text NOT NULL,
	`at` integer NOT NULL,
	`bytes` integer NOT NULL,
	`state` text NOT NULL,
	`note` text,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `receipt_at` ON `webhook_receipt` (`workspace_id`,`connection_id`,`at`);