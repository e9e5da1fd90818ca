CREATE TABLE "upkeep" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"after" text NOT NULL,
	"done_at" bigint,
	CONSTRAINT "upkeep_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
