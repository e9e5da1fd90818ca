ALTER TABLE "import_job" ADD COLUMN "asked" jsonb;--> statement-breakpoint
ALTER TABLE "import_job" ADD COLUMN "lease" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "import_job" ADD COLUMN "held_until" bigint;