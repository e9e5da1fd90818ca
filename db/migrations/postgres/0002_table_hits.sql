CREATE TABLE "table_hit" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"no" integer NOT NULL,
	"process" text NOT NULL,
	"version" integer NOT NULL,
	"decision_table" text NOT NULL,
	"rules" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "table_hit_workspace_id_run_id_no_pk" PRIMARY KEY("workspace_id","run_id","no")
);
--> statement-breakpoint
CREATE INDEX "table_hit_rules" ON "table_hit" USING btree ("workspace_id","process","version","decision_table","rules");