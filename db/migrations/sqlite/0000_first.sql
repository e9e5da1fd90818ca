CREATE TABLE `absence` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`member_id` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `absence_member` ON `absence` (`workspace_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `api_key` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`member_id` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`last_used_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_key_hash` ON `api_key` (`hash`);--> statement-breakpoint
CREATE TABLE `audit` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text,
	`ok` integer NOT NULL,
	`detail` text,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`workspace_id`,`at`);--> statement-breakpoint
CREATE TABLE `auth_account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`password` text,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_account_provider` ON `auth_account` (`provider_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `auth_account_user` ON `auth_account` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_session` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`token` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_session_token` ON `auth_session` (`token`);--> statement-breakpoint
CREATE INDEX `auth_session_user` ON `auth_session` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_user_email` ON `auth_user` (`email`);--> statement-breakpoint
CREATE TABLE `auth_verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `auth_verification_identifier` ON `auth_verification` (`identifier`);--> statement-breakpoint
CREATE TABLE `calendar` (
	`workspace_id` text NOT NULL,
	`key` text NOT NULL,
	`revision` integer NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	`valid_from` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `key`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `draft` (
	`workspace_id` text NOT NULL,
	`process_id` text NOT NULL,
	`member_id` text NOT NULL,
	`base_version` integer,
	`revision` integer NOT NULL,
	`document` text NOT NULL,
	`saved_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `process_id`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `event` (
	`workspace_id` text NOT NULL,
	`seq` integer NOT NULL,
	`stream_kind` text NOT NULL,
	`stream_id` text NOT NULL,
	`version` integer NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`due` integer,
	`actor` text NOT NULL,
	`cause` text,
	`data` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `seq`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_stream` ON `event` (`workspace_id`,`stream_kind`,`stream_id`,`version`);--> statement-breakpoint
CREATE TABLE `import_job` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`file_name` text NOT NULL,
	`member_id` text,
	`state` text NOT NULL,
	`total` integer NOT NULL,
	`done` integer NOT NULL,
	`created` integer NOT NULL,
	`updated` integer NOT NULL,
	`failed` integer NOT NULL,
	`started` integer NOT NULL,
	`mapping` text NOT NULL,
	`problems` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	`undone_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `import_mapping` (
	`workspace_id` text NOT NULL,
	`name` text NOT NULL,
	`record_type` text NOT NULL,
	`mapping` text NOT NULL,
	`saved_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `import_row` (
	`workspace_id` text NOT NULL,
	`import_id` text NOT NULL,
	`row` integer NOT NULL,
	`record_id` text NOT NULL,
	`before` text,
	`version` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `import_id`, `row`)
);
--> statement-breakpoint
CREATE TABLE `incident` (
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`incident` text NOT NULL,
	`process` text NOT NULL,
	`version` integer NOT NULL,
	`node` text NOT NULL,
	`code` text NOT NULL,
	`text` text NOT NULL,
	`raised_at` integer NOT NULL,
	`resolved_at` integer,
	PRIMARY KEY(`workspace_id`, `run_id`, `incident`)
);
--> statement-breakpoint
CREATE INDEX `incident_open` ON `incident` (`workspace_id`,`process`) WHERE resolved_at is null;--> statement-breakpoint
CREATE TABLE `installation` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`slot` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `installation_slot` ON `installation` (`slot`);--> statement-breakpoint
CREATE TABLE `job` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`kind` text NOT NULL,
	`run_id` text,
	`payload` text NOT NULL,
	`due_at` integer NOT NULL,
	`lease` integer NOT NULL,
	`attempts` integer NOT NULL,
	`dead_at` integer,
	`last_error` text
);
--> statement-breakpoint
CREATE INDEX `job_due` ON `job` (`due_at`,`id`) WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX `job_run` ON `job` (`workspace_id`,`run_id`);--> statement-breakpoint
CREATE TABLE `log_head` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `member` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`roles` text NOT NULL,
	`process_roles` text NOT NULL,
	`team_id` text,
	`manager_id` text,
	`backup_id` text,
	`zone` text NOT NULL,
	`country` text NOT NULL,
	`locale` text NOT NULL,
	`theme` text NOT NULL,
	`capacity_per_day` integer,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `member_user` ON `member` (`workspace_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `member_by_user` ON `member` (`user_id`);--> statement-breakpoint
CREATE TABLE `notice` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`member_id` text NOT NULL,
	`run_id` text,
	`title` text NOT NULL,
	`text` text NOT NULL,
	`urgency` text NOT NULL,
	`link` text NOT NULL,
	`at` integer NOT NULL,
	`read_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `notice_member` ON `notice` (`workspace_id`,`member_id`,`at`);--> statement-breakpoint
CREATE TABLE `process` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`record_type` text NOT NULL,
	`owner_id` text,
	`live_version` integer,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `process_key` ON `process` (`workspace_id`,`key`);--> statement-breakpoint
CREATE TABLE `process_version` (
	`workspace_id` text NOT NULL,
	`process_id` text NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL,
	`note` text NOT NULL,
	`author_id` text,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `process_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `queue` (
	`workspace_id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`members` text NOT NULL,
	`last` text,
	PRIMARY KEY(`workspace_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `receipt` (
	`workspace_id` text NOT NULL,
	`command_id` text NOT NULL,
	`body` text NOT NULL,
	`answer` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `command_id`)
);
--> statement-breakpoint
CREATE TABLE `record` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`version` integer NOT NULL,
	`title` text NOT NULL,
	`search` text NOT NULL,
	`owner_id` text,
	`account_id` text,
	`status` text,
	`amount` real,
	`external_id` text,
	`locked_by` text,
	`values` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `record_list` ON `record` (`workspace_id`,`type`,`created_at`);--> statement-breakpoint
CREATE INDEX `record_account` ON `record` (`workspace_id`,`account_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `record_external` ON `record` (`workspace_id`,`type`,`external_id`);--> statement-breakpoint
CREATE TABLE `record_key` (
	`workspace_id` text NOT NULL,
	`key` text NOT NULL,
	`record_id` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `key`, `record_id`)
);
--> statement-breakpoint
CREATE INDEX `key_record` ON `record_key` (`workspace_id`,`record_id`);--> statement-breakpoint
CREATE TABLE `record_link` (
	`workspace_id` text NOT NULL,
	`from_id` text NOT NULL,
	`field` text NOT NULL,
	`to_id` text NOT NULL,
	`from_type` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `from_id`, `field`)
);
--> statement-breakpoint
CREATE INDEX `link_to` ON `record_link` (`workspace_id`,`to_id`,`from_type`);--> statement-breakpoint
CREATE TABLE `run` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`process` text NOT NULL,
	`version` integer NOT NULL,
	`record_type` text NOT NULL,
	`record_id` text NOT NULL,
	`status` text NOT NULL,
	`outcome` text,
	`end_node` text,
	`incidents` integer NOT NULL,
	`rev` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`last_at` integer NOT NULL,
	`state` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `run_record` ON `run` (`workspace_id`,`record_id`);--> statement-breakpoint
CREATE INDEX `run_open` ON `run` (`workspace_id`,`process`,`started_at`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `run_ended` ON `run` (`workspace_id`,`process`,`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE TABLE `run_link` (
	`workspace_id` text NOT NULL,
	`record_id` text NOT NULL,
	`run_id` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `record_id`, `run_id`)
);
--> statement-breakpoint
CREATE TABLE `sign_in_count` (
	`key` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sla_clock` (
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`clock` text NOT NULL,
	`process` text NOT NULL,
	`version` integer NOT NULL,
	`sla` text NOT NULL,
	`node` text,
	`visit` text,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`due_at` integer,
	`breached_at` integer,
	`stopped_at` integer,
	`breached_with` text,
	`data` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `run_id`, `clock`)
);
--> statement-breakpoint
CREATE INDEX `clock_stopped` ON `sla_clock` (`workspace_id`,`process`,`stopped_at`);--> statement-breakpoint
CREATE INDEX `clock_open` ON `sla_clock` (`workspace_id`,`process`,`node`) WHERE stopped_at is null;--> statement-breakpoint
CREATE TABLE `step_visit` (
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`visit` text NOT NULL,
	`process` text NOT NULL,
	`version` integer NOT NULL,
	`node` text NOT NULL,
	`kind` text NOT NULL,
	`visit_no` integer NOT NULL,
	`record_id` text NOT NULL,
	`role` text,
	`owner` text,
	`entered_at` integer NOT NULL,
	`assigned_at` integer,
	`started_at` integer,
	`paused_at` integer,
	`left_at` integer,
	`blocked_ms` integer NOT NULL,
	`touch_ms` integer NOT NULL,
	`outcome` text,
	`port` text,
	`skipped` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`rework` integer NOT NULL,
	`calendar` text,
	`zone` text,
	`due_at` integer,
	`breached_at` integer,
	`value_at_risk` real,
	`value_assumed` integer NOT NULL,
	`start_recorded` integer NOT NULL,
	`pauses` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `run_id`, `visit`)
);
--> statement-breakpoint
CREATE INDEX `visit_open` ON `step_visit` (`workspace_id`,`process`,`node`) WHERE left_at is null;--> statement-breakpoint
CREATE INDEX `visit_left` ON `step_visit` (`workspace_id`,`process`,`left_at`) WHERE left_at is not null;--> statement-breakpoint
CREATE TABLE `team` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`manager_id` text,
	`zone` text NOT NULL,
	`calendar` text,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `work_item` (
	`workspace_id` text NOT NULL,
	`run_id` text NOT NULL,
	`work` text NOT NULL,
	`visit` text NOT NULL,
	`process` text NOT NULL,
	`version` integer NOT NULL,
	`node` text NOT NULL,
	`record_type` text NOT NULL,
	`record_id` text NOT NULL,
	`role` text NOT NULL,
	`queue` text,
	`approval` integer NOT NULL,
	`state` text NOT NULL,
	`assignee` text,
	`offered_at` integer NOT NULL,
	`started_at` integer,
	`snoozed_until` integer,
	`blocked_reason` text,
	`priority` integer NOT NULL,
	`due_at` integer,
	`at_risk_at` integer,
	`value_at_risk` real,
	`completed_at` integer,
	`completed_by` text,
	`outcome` text,
	PRIMARY KEY(`workspace_id`, `run_id`, `work`)
);
--> statement-breakpoint
CREATE INDEX `work_mine` ON `work_item` (`workspace_id`,`assignee`) WHERE completed_at is null;--> statement-breakpoint
CREATE INDEX `work_queue` ON `work_item` (`workspace_id`,`role`) WHERE completed_at is null and assignee is null;--> statement-breakpoint
CREATE INDEX `work_done` ON `work_item` (`workspace_id`,`completed_by`,`completed_at`) WHERE completed_at is not null;--> statement-breakpoint
CREATE TABLE `workspace` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`zone` text NOT NULL,
	`locale` text NOT NULL,
	`currency` text NOT NULL,
	`country` text NOT NULL,
	`demo` integer NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL
);
