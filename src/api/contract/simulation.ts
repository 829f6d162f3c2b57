import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';
import { runParams } from './run.ts';

/** Parameters, or budgets such as `budget.resident`, and what they are assumed to be: `2.5`, `+3%`, `123456.00`. */
const assumed = z.record(z.string().min(1).max(100), z.string().min(1).max(200));
export const scenarioSchema = z.object({
  name: z
    .string()
    .max(40)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u),
  set: assumed.refine((set) => Object.keys(set).length > 0 && Object.keys(set).length <= 100),
});
const scenarios = z.array(scenarioSchema).min(1).max(8);
export const simulationBody = z.object({
  scenarios,
  /** a title keeps the simulation; without one it is only answered */
  keepAs: z.string().min(1).max(200).optional(),
});
export type SimulationBody = z.infer<typeof simulationBody>;

/** The same scenarios in an address, so that a file is an ordinary link. */
export const simulationFileQuery = z.object({
  scenarios: z
    .string()
    .max(20_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(scenarios)
    .describe('JSON of the scenarios, as the body of the POST has them'),
  file: z
    .enum([
      'simulation.xlsx',
      'simulation.html',
      'institutions.csv',
      'groups.csv',
      'schemes.csv',
      'months.csv',
    ])
    .describe('the file, as `yibao simulate --out` writes it'),
});

const line = z.record(z.string(), z.unknown());
/** `scenarios[0]` is the year as it is; the lists of all scenarios hold the same rows in the same order. */
export const simulationResult = z.object({
  area: line,
  scenarios: z.array(
    z.object({
      scenario: z.string(),
      title: z.object({ zh: z.string(), en: z.string() }),
      description: z.object({ zh: z.string(), en: z.string() }).optional(),
      hypothetical: z.boolean(),
      changes: z.array(line),
      schemes: z.array(line),
      levels: z.array(line),
      institutions: z.array(line),
      clearing: z.array(line),
      months: z.array(line),
      groups: z.array(line),
    }),
  ),
});
export type SimulationResult = z.infer<typeof simulationResult>;
export const simulationAnswer = z.object({ id: z.int().nullable(), result: simulationResult });

export const simulationRowSchema = z
  .object({
    id: z.int(),
    runId: z.int(),
    title: z.string(),
    scenarios: z.string().describe('JSON of the scenarios, as they were asked for'),
    createdBy: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'Simulation' });
export type SimulationRow = z.infer<typeof simulationRowSchema>;
export const simulationQuery = listQuery({ title: textFilter, createdBy: textFilter });
export const simulationPage = pageOf(simulationRowSchema);
export const simulationParams = runParams.extend({
  simulation: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
export const simulationDetail = simulationRowSchema.extend({
  scenarios: z.array(scenarioSchema),
  result: simulationResult,
});
