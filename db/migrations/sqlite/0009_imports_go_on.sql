ALTER TABLE `import_job` ADD `asked` text;--> statement-breakpoint
ALTER TABLE `import_job` ADD `lease` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `import_job` ADD `held_until` integer;