CREATE TABLE "absence" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"member_id" text NOT NULL,
	"from_at" bigint NOT NULL,
	"to_at" bigint NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "absence_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"member_id" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"revoked_at" bigint,
	"last_used_at" bigint,
	CONSTRAINT "api_key_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"at" bigint NOT NULL,
	"actor" jsonb NOT NULL,
	"action" text NOT NULL,
	"subject" text,
	"ok" boolean NOT NULL,
	"detail" text,
	CONSTRAINT "audit_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "auth_account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" bigint,
	"refresh_token_expires_at" bigint,
	"scope" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_session" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"ip_address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "auth_user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean NOT NULL,
	"image" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"revision" integer NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"valid_from" bigint NOT NULL,
	CONSTRAINT "calendar_workspace_id_key_revision_pk" PRIMARY KEY("workspace_id","key","revision")
);
--> statement-breakpoint
CREATE TABLE "draft" (
	"workspace_id" text NOT NULL,
	"process_id" text NOT NULL,
	"member_id" text NOT NULL,
	"base_version" integer,
	"revision" integer NOT NULL,
	"document" jsonb NOT NULL,
	"saved_at" bigint NOT NULL,
	CONSTRAINT "draft_workspace_id_process_id_member_id_pk" PRIMARY KEY("workspace_id","process_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"workspace_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"stream_kind" text NOT NULL,
	"stream_id" text NOT NULL,
	"version" integer NOT NULL,
	"type" text NOT NULL,
	"at" bigint NOT NULL,
	"due" bigint,
	"actor" jsonb NOT NULL,
	"cause" text,
	"data" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "event_workspace_id_seq_pk" PRIMARY KEY("workspace_id","seq")
);
--> statement-breakpoint
CREATE TABLE "import_job" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"member_id" text,
	"state" text NOT NULL,
	"total" integer NOT NULL,
	"done" integer NOT NULL,
	"created" integer NOT NULL,
	"updated" integer NOT NULL,
	"failed" integer NOT NULL,
	"started" integer NOT NULL,
	"mapping" jsonb NOT NULL,
	"problems" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"ended_at" bigint,
	"undone_at" bigint,
	CONSTRAINT "import_job_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "import_mapping" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"record_type" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"saved_at" bigint NOT NULL,
	CONSTRAINT "import_mapping_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "import_row" (
	"workspace_id" text NOT NULL,
	"import_id" text NOT NULL,
	"row" integer NOT NULL,
	"record_id" text NOT NULL,
	"before" jsonb,
	"version" integer NOT NULL,
	CONSTRAINT "import_row_workspace_id_import_id_row_pk" PRIMARY KEY("workspace_id","import_id","row")
);
--> statement-breakpoint
CREATE TABLE "incident" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"incident" text NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"node" text NOT NULL,
	"code" text NOT NULL,
	"text" text NOT NULL,
	"raised_at" bigint NOT NULL,
	"resolved_at" bigint,
	CONSTRAINT "incident_workspace_id_run_id_incident_pk" PRIMARY KEY("workspace_id","run_id","incident")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"slot" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"kind" text NOT NULL,
	"run_id" text,
	"payload" jsonb NOT NULL,
	"due_at" bigint NOT NULL,
	"lease" integer NOT NULL,
	"attempts" integer NOT NULL,
	"dead_at" bigint,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "log_head" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "member" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"roles" jsonb NOT NULL,
	"process_roles" jsonb NOT NULL,
	"team_id" text,
	"manager_id" text,
	"backup_id" text,
	"zone" text NOT NULL,
	"country" text NOT NULL,
	"locale" text NOT NULL,
	"theme" text NOT NULL,
	"capacity_per_day" integer,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "member_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"member_id" text NOT NULL,
	"run_id" text,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"urgency" text NOT NULL,
	"link" text NOT NULL,
	"at" bigint NOT NULL,
	"read_at" bigint,
	CONSTRAINT "notice_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "process" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"record_type" text NOT NULL,
	"owner_id" text,
	"live_version" integer,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "process_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "process_version" (
	"workspace_id" text NOT NULL,
	"process_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"note" text NOT NULL,
	"author_id" text,
	"published_at" bigint NOT NULL,
	CONSTRAINT "process_version_workspace_id_process_id_version_pk" PRIMARY KEY("workspace_id","process_id","version")
);
--> statement-breakpoint
CREATE TABLE "queue" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"members" jsonb NOT NULL,
	"last" text,
	CONSTRAINT "queue_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "receipt" (
	"workspace_id" text NOT NULL,
	"command_id" text NOT NULL,
	"body" text NOT NULL,
	"answer" jsonb NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "receipt_workspace_id_command_id_pk" PRIMARY KEY("workspace_id","command_id")
);
--> statement-breakpoint
CREATE TABLE "record" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"search" text NOT NULL,
	"owner_id" text,
	"account_id" text,
	"status" text,
	"amount" double precision,
	"external_id" text,
	"locked_by" text,
	"values" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"deleted_at" bigint,
	CONSTRAINT "record_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "record_key" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"record_id" text NOT NULL,
	CONSTRAINT "record_key_workspace_id_key_record_id_pk" PRIMARY KEY("workspace_id","key","record_id")
);
--> statement-breakpoint
CREATE TABLE "record_link" (
	"workspace_id" text NOT NULL,
	"from_id" text NOT NULL,
	"field" text NOT NULL,
	"to_id" text NOT NULL,
	"from_type" text NOT NULL,
	CONSTRAINT "record_link_workspace_id_from_id_field_pk" PRIMARY KEY("workspace_id","from_id","field")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"record_type" text NOT NULL,
	"record_id" text NOT NULL,
	"status" text NOT NULL,
	"outcome" text,
	"end_node" text,
	"incidents" integer NOT NULL,
	"rev" integer NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"last_at" bigint NOT NULL,
	"state" jsonb NOT NULL,
	CONSTRAINT "run_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "run_link" (
	"workspace_id" text NOT NULL,
	"record_id" text NOT NULL,
	"run_id" text NOT NULL,
	CONSTRAINT "run_link_workspace_id_record_id_run_id_pk" PRIMARY KEY("workspace_id","record_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_count" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"since" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sla_clock" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"clock" text NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"sla" text NOT NULL,
	"node" text,
	"visit" text,
	"state" text NOT NULL,
	"started_at" bigint NOT NULL,
	"due_at" bigint,
	"breached_at" bigint,
	"stopped_at" bigint,
	"breached_with" text,
	"data" jsonb NOT NULL,
	CONSTRAINT "sla_clock_workspace_id_run_id_clock_pk" PRIMARY KEY("workspace_id","run_id","clock")
);
--> statement-breakpoint
CREATE TABLE "step_visit" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"visit" text NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"node" text NOT NULL,
	"kind" text NOT NULL,
	"visit_no" integer NOT NULL,
	"record_id" text NOT NULL,
	"role" text,
	"owner" text,
	"entered_at" bigint NOT NULL,
	"assigned_at" bigint,
	"started_at" bigint,
	"paused_at" bigint,
	"left_at" bigint,
	"blocked_ms" bigint NOT NULL,
	"touch_ms" bigint NOT NULL,
	"outcome" text,
	"port" text,
	"skipped" boolean NOT NULL,
	"cancelled" boolean NOT NULL,
	"rework" boolean NOT NULL,
	"calendar" text,
	"zone" text,
	"due_at" bigint,
	"breached_at" bigint,
	"value_at_risk" double precision,
	"value_assumed" boolean NOT NULL,
	"start_recorded" boolean NOT NULL,
	"pauses" jsonb NOT NULL,
	CONSTRAINT "step_visit_workspace_id_run_id_visit_pk" PRIMARY KEY("workspace_id","run_id","visit")
);
--> statement-breakpoint
CREATE TABLE "team" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"manager_id" text,
	"zone" text NOT NULL,
	"calendar" text,
	CONSTRAINT "team_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "work_item" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"work" text NOT NULL,
	"visit" text NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"node" text NOT NULL,
	"record_type" text NOT NULL,
	"record_id" text NOT NULL,
	"role" text NOT NULL,
	"queue" text,
	"approval" boolean NOT NULL,
	"state" text NOT NULL,
	"assignee" text,
	"offered_at" bigint NOT NULL,
	"started_at" bigint,
	"snoozed_until" bigint,
	"blocked_reason" text,
	"priority" integer NOT NULL,
	"due_at" bigint,
	"at_risk_at" bigint,
	"value_at_risk" double precision,
	"completed_at" bigint,
	"completed_by" text,
	"outcome" text,
	CONSTRAINT "work_item_workspace_id_run_id_work_pk" PRIMARY KEY("workspace_id","run_id","work")
);
--> statement-breakpoint
CREATE TABLE "workspace" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"zone" text NOT NULL,
	"locale" text NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"demo" boolean NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "absence_member" ON "absence" USING btree ("workspace_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_hash" ON "api_key" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("workspace_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_account_provider" ON "auth_account" USING btree ("provider_id","account_id");--> statement-breakpoint
CREATE INDEX "auth_account_user" ON "auth_account" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_session_token" ON "auth_session" USING btree ("token");--> statement-breakpoint
CREATE INDEX "auth_session_user" ON "auth_session" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_user_email" ON "auth_user" USING btree ("email");--> statement-breakpoint
CREATE INDEX "auth_verification_identifier" ON "auth_verification" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "event_stream" ON "event" USING btree ("workspace_id","stream_kind","stream_id","version");--> statement-breakpoint
CREATE INDEX "incident_open" ON "incident" USING btree ("workspace_id","process") WHERE resolved_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "installation_slot" ON "installation" USING btree ("slot");--> statement-breakpoint
CREATE INDEX "job_due" ON "job" USING btree ("due_at","id") WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX "job_run" ON "job" USING btree ("workspace_id","run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "member_user" ON "member" USING btree ("workspace_id","user_id");--> statement-breakpoint
CREATE INDEX "member_by_user" ON "member" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "notice_member" ON "notice" USING btree ("workspace_id","member_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "process_key" ON "process" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE INDEX "record_list" ON "record" USING btree ("workspace_id","type","created_at");--> statement-breakpoint
CREATE INDEX "record_account" ON "record" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "record_external" ON "record" USING btree ("workspace_id","type","external_id");--> statement-breakpoint
CREATE INDEX "key_record" ON "record_key" USING btree ("workspace_id","record_id");--> statement-breakpoint
CREATE INDEX "link_to" ON "record_link" USING btree ("workspace_id","to_id","from_type");--> statement-breakpoint
CREATE INDEX "run_record" ON "run" USING btree ("workspace_id","record_id");--> statement-breakpoint
CREATE INDEX "run_open" ON "run" USING btree ("workspace_id","process","started_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "run_ended" ON "run" USING btree ("workspace_id","process","ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "clock_stopped" ON "sla_clock" USING btree ("workspace_id","process","stopped_at");--> statement-breakpoint
CREATE INDEX "clock_open" ON "sla_clock" USING btree ("workspace_id","process","node") WHERE stopped_at is null;--> statement-breakpoint
CREATE INDEX "visit_open" ON "step_visit" USING btree ("workspace_id","process","node") WHERE left_at is null;--> statement-breakpoint
CREATE INDEX "visit_left" ON "step_visit" USING btree ("workspace_id","process","left_at") WHERE left_at is not null;--> statement-breakpoint
CREATE INDEX "work_mine" ON "work_item" USING btree ("workspace_id","assignee") WHERE completed_at is null;--> statement-breakpoint
CREATE INDEX "work_queue" ON "work_item" USING btree ("workspace_id","role") WHERE completed_at is null and assignee is null;--> statement-breakpoint
CREATE INDEX "work_done" ON "work_item" USING btree ("workspace_id","completed_by","completed_at") WHERE completed_at is not null;