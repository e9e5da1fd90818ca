CREATE TABLE "connection" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"config" jsonb NOT NULL,
	"secret" text,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "connection_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_receipt" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"connection_id" text NOT NULL,
	"message" text NOT NULL,
	"at" bigint NOT NULL,
	"bytes" integer NOT NULL,
	"state" text NOT NULL,
	"note" text,
	CONSTRAINT "webhook_receipt_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "connection_key" ON "connection" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE INDEX "receipt_at" ON "webhook_receipt" USING btree ("workspace_id","connection_id","at");