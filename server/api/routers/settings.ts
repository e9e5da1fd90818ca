/** What holds for the whole workspace: name and money, its own fields, mail, the demo's end. */
import { z } from "zod";
import { changeWorkspace } from "@/server/commands/change-workspace.ts";
import { clearDemo } from "@/server/commands/clear-demo.ts";
import { undoWindow } from "@/server/commands/undo-migration.ts";
import { customFieldsOf, saveField } from "@/server/commands/save-field.ts";
import { sendTestMail } from "@/server/effects/mail.ts";
import { countryOf } from "@/server/records/countries.ts";
import { isCurrency } from "@/server/records/currencies.ts";
import { customFieldSchema } from "@/server/records/custom-fields.ts";
import { recordTypes } from "@/server/records/model.ts";
import { isZone } from "@/server/records/places.ts";
import { orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const recordType = z.string().refine((key) => recordTypes().some((type) => type.key === key), "unknown record type");

export const workspaceRouter = router({
  read: action("settings.read").query(async ({ ctx: { services, person } }) => {
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const defaults = z.record(z.string(), z.number()).safeParse(context.settings["default_value_at_risk"] ?? {});
    return {
      name: context.name,
      zone: context.zone,
      locale: context.locale,
      currency: context.currency,
      country: context.country,
      demo: services.demo,
      defaultValueAtRisk: defaults.data ?? {},
      undoMigrationHours: undoWindow(context.settings) / 3_600_000,
    };
  }),
  change: action("settings.change")
    .input(
      z
        .strictObject({
          name: z.string().trim().min(1).max(80),
          zone: z.string().max(60).refine(isZone, "unknown time zone"),
          locale: z.enum(["en", "vi"]),
          currency: z.string().refine(isCurrency, "unknown currency"),
          country: z.string().refine((code) => countryOf(code) !== null, "unknown country"),
          defaultValueAtRisk: z.record(recordType, z.number().min(0).max(1e12)),
          undoMigrationHours: z
            .number()
            .int()
            .min(0)
            .max(24 * 30),
        })
        .partial(),
    )
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await changeWorkspace(services.engine, askOf(services, person), input)),
    ),
  /** Empties the demo; `name` is typed by hand. */
  clearDemo: action("demo.clear")
    .input(z.strictObject({ name: z.string().max(200) }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await clearDemo(services.engine, askOf(services, person), input.name)),
    ),
});

export const fieldsRouter = router({
  list: action("fields.read").query(async ({ ctx: { services, person, language } }) => {
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return {
      types: recordTypes().map((type) => ({
        key: type.key,
        label: type.label[language],
        standard: Object.keys(type.fields).length,
      })),
      fields: customFieldsOf(context.settings),
    };
  }),
  save: action("fields.change")
    .input(customFieldSchema)
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await saveField(services.engine, askOf(services, person), input)),
    ),
});

export const mailRouter = router({
  /** Whether mail can leave, and as whom. Address and password of the server stay in its environment. */
  state: action("mail.test").query(({ ctx: { services, person } }) => ({
    configured: services.mail !== null,
    from: services.mail?.from ?? null,
    to: person.email,
  })),
  test: action("mail.test").mutation(async ({ ctx: { services, person, language } }) =>
    orRefuse(await sendTestMail(services.mail, { to: person.email, locale: language })),
  ),
});
