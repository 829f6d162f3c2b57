import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import type { Text } from '#kernel/locale.ts';
import type { OptionOf, Policy } from '#policy/index.ts';
import { absentProcedures, absentProcedureWarnings } from './absent-procedures.ts';
import { dipCatalogue } from './dip/catalogue-method.ts';
import { drgMethod } from './drg-method/method.ts';

/**
 * Gives the groups of a table (group_code, year, cases, cost_fen) their numbers and scores in `group_score`; where a table
 * (group_code, kind, score4, mean_fen) gives the scores, all its groups of the kind, with or without history.
 */
export type AddGroups = (kind: string, groupYearTable: string, givenTable?: string) => Promise<void>;

/**
 * One way of grouping lists, chosen by the parameter `grouping.method`. Each step leaves tables for the next; what they
 * are called and hold is the same for every method:
 *
 * - `signatures`: `list` → `signature(signature_no, procedures, …)`, the distinct inputs that grouping reads, and
 *   `accepted_list` with a signature_no for each list of the payment year and its history;
 * - `keys`: what the signatures say, and `history_cost` (signature_no, year, class_no → cases, cost_fen);
 * - `groups`: calls `addGroups` for the kinds of groups in turn, and makes `signature_group(signature_no, group_no)`, where
 *   0 means ungrouped.
 */
export type GroupingMethod = {
  /** whether `list` must keep all diagnoses and the case's sex, age, weight, stay and disposition */
  readonly readsCase: boolean;
  /** whether a group can ask how long a case was in intensive care */
  readonly readsIntensiveCare?: (policy: Policy, areaFolder: string) => boolean;
  /** whether `signatures` leaves `accepted_list` as a view over `list`, which must stay then */
  readonly keepsList: boolean;
  /** refuses before any list is read what could not be grouped by */
  readonly check?: (policy: Policy, areaFolder: string) => void;
  /** every code a list can be grouped to, where the method knows them before it reads the lists */
  readonly groupCodes?: (policy: Policy, areaFolder: string) => ReadonlySet<string>;
  readonly signatures: (engine: Engine, policy: Policy, areaFolder: string) => Promise<void>;
  readonly keys: (engine: Engine, policy: Policy) => Promise<void>;
  readonly groups: (engine: Engine, policy: Policy, addGroups: AddGroups) => Promise<void>;
  /** what the manifest says of the method */
  readonly manifest: (engine: Engine) => Promise<Readonly<Record<string, unknown>>>;
  /** what the user should know although nothing failed */
  readonly warnings: (engine: Engine) => Promise<readonly Text[]>;
};

const make = async (engine: Engine, ...tables: readonly string[]): Promise<void> => {
  for (const table of tables) await makeTable(engine, sourceFile(`${table}.sql`));
};

/** Core and comprehensive groups of the reference profile, made from the history. Source: reference profile §1–2. */
const dipReference: GroupingMethod = {
  readsCase: false,
  keepsList: true,
  signatures: (engine) =>
    make(
      engine,
      'grouping/dip/written/written_cost',
      'grouping/dip/written/signature',
      'claims/list/accepted_list',
    ),
  keys: (engine) =>
    make(
      engine,
      'grouping/dip/procedure_code',
      'grouping/dip/signature_key',
      'grouping/dip/written/history_cost',
    ),
  async groups(engine, _policy, addGroups) {
    await make(engine, 'grouping/dip/core_group', 'grouping/dip/core_group_year');
    await addGroups('core', 'core_group_year');
    // a list near to several core groups goes to the one of the higher score: scores come first
    await make(engine, 'grouping/dip/nearest_core_group', 'grouping/dip/comprehensive_group_year');
    await addGroups('comprehensive', 'comprehensive_group_year');
    await make(engine, 'grouping/dip/signature_group');
  },
  manifest: (engine) => absentProcedures(engine, 'SELECT signature_no, lists FROM signature'),
  warnings: absentProcedureWarnings,
};

/** The method a policy chooses. */
export const groupingMethod = (policy: Policy): GroupingMethod =>
  GROUPING_METHODS[policy.choice('grouping.method')];

/** The method of each option of `grouping.method`. */
export const GROUPING_METHODS: Readonly<Record<OptionOf<'grouping.method'>, GroupingMethod>> = {
  'dip-reference': dipReference,
  'dip-catalogue': dipCatalogue,
  drg: drgMethod,
};
