CREATE TABLE "day_count" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"zone" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "step_day" (
	"workspace_id" text NOT NULL,
	"process" text NOT NULL,
	"day" integer NOT NULL,
	"node" text NOT NULL,
	"version" integer NOT NULL,
	"arrivals" bigint NOT NULL,
	"reworks" bigint NOT NULL,
	"completions" bigint NOT NULL,
	"skips" bigint NOT NULL,
	"cancellations" bigint NOT NULL,
	"sojourn_ms" bigint NOT NULL,
	"blocked_ms" bigint NOT NULL,
	"touch_ms" bigint NOT NULL,
	CONSTRAINT "step_day_workspace_id_process_day_node_version_pk" PRIMARY KEY("workspace_id","process","day","node","version")
);
--> statement-breakpoint
CREATE TABLE "step_time" (
	"workspace_id" text NOT NULL,
	"process" text NOT NULL,
	"day" integer NOT NULL,
	"node" text NOT NULL,
	"version" integer NOT NULL,
	"bucket" integer NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "step_time_workspace_id_process_day_node_version_bucket_pk" PRIMARY KEY("workspace_id","process","day","node","version","bucket")
);
