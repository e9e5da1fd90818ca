CREATE TABLE "batch" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"filter" jsonb NOT NULL,
	"params" jsonb NOT NULL,
	"asked_by" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"gathered" boolean NOT NULL,
	"text" text,
	"created_at" bigint NOT NULL,
	"ended_at" bigint,
	CONSTRAINT "batch_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "batch_item" (
	"workspace_id" text NOT NULL,
	"batch_id" text NOT NULL,
	"run_id" text NOT NULL,
	"status" text NOT NULL,
	"text" text,
	"at" bigint,
	CONSTRAINT "batch_item_workspace_id_batch_id_run_id_pk" PRIMARY KEY("workspace_id","batch_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "line_stop" (
	"workspace_id" text NOT NULL,
	"process" text NOT NULL,
	"node" text NOT NULL,
	"reason" text NOT NULL,
	"clocks" text NOT NULL,
	"stopped_by" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "line_stop_workspace_id_process_node_pk" PRIMARY KEY("workspace_id","process","node")
);
--> statement-breakpoint
CREATE TABLE "outgoing_hold" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"since" bigint NOT NULL,
	"backup_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "batch_list" ON "batch" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "batch_item_status" ON "batch_item" USING btree ("workspace_id","batch_id","status");--> statement-breakpoint
CREATE INDEX "job_dead" ON "job" USING btree ("workspace_id","dead_at") WHERE dead_at is not null;--> statement-breakpoint
CREATE INDEX "run_started" ON "run" USING btree ("workspace_id","started_at","id");