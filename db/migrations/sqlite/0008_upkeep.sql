CREATE TABLE `upkeep` (
	`workspace_id` text NOT NULL,
	`name` text NOT NULL,
	`after` text NOT NULL,
	`done_at` integer,
	PRIMARY KEY(`workspace_id`, `name`)
);
