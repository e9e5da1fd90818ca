CREATE TABLE "pick" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"no" integer NOT NULL,
	"at" bigint NOT NULL,
	"process" text NOT NULL,
	"record_id" text NOT NULL,
	"role" text NOT NULL,
	"queue" text,
	"rule" text NOT NULL,
	"member" text NOT NULL,
	"turn" integer,
	CONSTRAINT "pick_workspace_id_run_id_no_pk" PRIMARY KEY("workspace_id","run_id","no")
);
--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "skills" jsonb;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "settings" jsonb;--> statement-breakpoint
CREATE INDEX "pick_queue" ON "pick" USING btree ("workspace_id","queue","at") WHERE queue is not null;--> statement-breakpoint
CREATE INDEX "pick_turn" ON "pick" USING btree ("workspace_id","queue","turn") WHERE turn is not null;--> statement-breakpoint
CREATE INDEX "pick_day" ON "pick" USING btree ("workspace_id","at");