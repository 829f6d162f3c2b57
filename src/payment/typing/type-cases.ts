import type { AreaTables } from '#catalogue/area-tables.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { ceiling, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import type { Catalogue, GroupTypes } from '../build-catalogue.ts';
import {
  adjustmentCoefficient4,
  byCoefficient,
  type CostStatistic,
  limitShare,
  squaredCv,
  type TypeTrigger,
  type TypingPolicy,
  triggerOf,
} from './choose-types.ts';
import {
  type CaseType,
  type Dictionary,
  dictionaryOf,
  LIST_FIELDS,
  RANGE_FIELDS,
  readTypeDefinition,
  SHARE_FIELDS,
  type TypeDefinition,
} from './type-definition.ts';

/** What a settlement with typing was typed with. */
export type Typing = {
  readonly definition: TypeDefinition;
  readonly dictionary: Dictionary;
};

/** Kinds of groups that are never typed: the draft types core groups, and leaves out TCM advantages and bed-days. */
const UNTYPED_KINDS: readonly string[] = ['comprehensive', 'tcm', 'bed-day', 'blank'];

const table = (name: string) => sourceFile(`payment/typing/${name}.sql`);

/**
 * Reads the definition of the types; undefined when the policy has no typing.
 * @throws YibaoError for a definition that is wrong or a list of diagnoses that is missing
 */
export function readTyping(policy: Policy, tables: AreaTables, areaFolder: string): Typing | undefined {
  if (policy.choice('typing.method') === 'none') return undefined;
  const definition = readTypeDefinition(policy.text('typing.types'), areaFolder);
  return { definition, dictionary: dictionaryOf(definition, tables.points.diagnosisLists) };
}

/** Makes the tables that describe the types, empty without typing. */
export async function loadTyping(
  engine: Engine,
  typing: Typing | undefined,
  tables: AreaTables,
): Promise<void> {
  await runScript(engine, table('typing_tables'));
  if (!typing) return;
  const { definition, dictionary } = typing;
  await engine.append(
    'diagnosis_list',
    dictionary.entries.map(({ listNo, code, weight }, index) => [listNo, code, weight, index]),
  );
  await engine.append(
    'diagnosis_list_exception',
    dictionary.entries.flatMap(({ unlessPrincipal }, index) => unlessPrincipal.map((code) => [index, code])),
  );
  const weightNo = definition.weightList === undefined ? -1 : dictionary.names.indexOf(definition.weightList);
  await engine.append('typing_parameter', [[weightNo]]);
  await engine.append(
    'case_detail',
    tables.points.caseDetails.map((row) => [
      row.setlId,
      row.icuDays ?? null,
      row.treatmentFen ?? null,
      row.drugFen ?? null,
    ]),
  );
  await engine.append(
    'type_rule',
    definition.types.map((type) => ruleRow(type, dictionary)),
  );
}

/** Whether some type asks for the days in intensive care. */
export const typingReadsIntensiveCare = ({ definition }: Typing): boolean =>
  definition.types.some(({ condition }) => condition.ranges.has('icu_days'));

/** The conditions of a type in the order of the columns of `type_rule`. */
export function ruleRow(
  { typeNo, familyNo, otherwise, condition }: CaseType,
  dictionary: Dictionary,
): (string | number | bigint | null)[] {
  const mask = (names: readonly string[] | undefined): bigint | null =>
    names === undefined
      ? null
      : names.reduce((bits, name) => bits | (1n << BigInt(dictionary.names.indexOf(name))), 0n);
  const codes = (values: readonly string[] | undefined) => (values ? `|${values.join('|')}|` : null);
  const scaled = (value: Parameters<typeof roundTo>[0] | undefined) => (value ? roundTo(value, 4) : null);
  return [
    typeNo,
    familyNo,
    String(otherwise),
    ...RANGE_FIELDS.flatMap((field) => {
      const range = condition.ranges.get(field);
      return [range?.from ?? null, range?.to ?? null];
    }),
    ...LIST_FIELDS.map((field) => mask(condition.lists.get(field))),
    codes(condition.disposition),
    codes(condition.dispositionNot),
    scaled(condition.costMultiple),
    ...SHARE_FIELDS.map((field) => scaled(condition.shares.get(field))),
  ];
}

/** Keeps of `list` what typing reads. To be called before `list` is dropped. */
export async function keepTypingFacts(engine: Engine): Promise<void> {
  await makeTable(engine, table('typing_fact'));
  await makeTable(engine, table('typing_diagnosis'));
}

/**
 * Finds the type of every list and the adjustment coefficient of every type of a group; fills `case_type` and `type_result`.
 * Source: DIP 3.0 draft §5.2.2; docs/domain/dip.md#typing.
 */
export async function typeCases(
  engine: Engine,
  { definition }: Typing,
  policy: TypingPolicy,
  catalogue: Catalogue,
): Promise<GroupTypes> {
  const groups = catalogue.groups.filter(
    (group) =>
      !UNTYPED_KINDS.includes(group.kind) &&
      catalogue.standardOf(group, catalogue.classes[0]!.classNo).pointsPerFen === undefined,
  );
  await engine.append(
    'typed_group',
    groups.map(({ groupNo }) => [groupNo]),
  );
  await appendCostLimits(engine, definition, catalogue, groups);
  await makeTable(engine, table('typing_case'));
  await makeTable(engine, table('type_fit'));
  await makeTable(engine, table('type_statistic'));

  const statistics = (await engine.rows('SELECT * FROM type_statistic ORDER BY group_no, type_no')).map(
    (row) => ({
      groupNo: Number(row.group_no),
      typeNo: Number(row.type_no),
      ...toStatistic(row),
    }),
  );
  const { cases } = await engine.row(
    'SELECT count(*) AS cases FROM accepted_list AS a CROSS JOIN settlement_year AS y WHERE a.year = y.payment_year - 1',
  );
  const typeOf = new Map(definition.types.map((type) => [type.typeNo, type]));
  const diseaseOf = new Map(statistics.filter(({ typeNo }) => typeNo === 0).map((row) => [row.groupNo, row]));
  const tested = statistics
    .filter(({ typeNo }) => typeNo !== 0)
    .map((row) => triggerOf(row.groupNo, typeOf.get(row.typeNo)!, diseaseOf.get(row.groupNo)!, row, policy));
  const triggers = limitShare(tested, cases as bigint, policy.adjustedShare);
  const triggered = triggers.filter(({ verdict }) => verdict === 'triggered');
  await engine.append(
    'type_rank',
    [...Map.groupBy(triggered, ({ groupNo }) => groupNo).values()].flatMap((own) =>
      own.toSorted(byCoefficient).map(({ groupNo, type }, index) => [groupNo, type.typeNo, index + 1]),
    ),
  );
  await makeTable(engine, table('chosen_type'));
  await engine.run('INSERT INTO case_type SELECT list_no, type_no FROM chosen_type');

  const coefficients = await adjustmentCoefficients(engine, policy, triggered);
  await appendResults(engine, catalogue, triggers, coefficients);
  return coefficients;
}

async function appendCostLimits(
  engine: Engine,
  definition: TypeDefinition,
  catalogue: Catalogue,
  groups: Catalogue['groups'],
): Promise<void> {
  const asking = definition.types.filter(({ condition }) => condition.costMultiple !== undefined);
  await engine.append(
    'type_cost_limit',
    asking.flatMap(({ typeNo, condition }) =>
      catalogue.classes.flatMap(({ classNo }) =>
        groups.map((group) => [
          typeNo,
          group.groupNo,
          classNo,
          ceiling(multiply(condition.costMultiple!, typingStandardFen(catalogue, group, classNo))),
        ]),
      ),
    ),
  );
}

/** The standard that a cost multiple refers to: mean cost of the group · coefficient of the class, in fen. */
export const typingStandardFen = (
  catalogue: Catalogue,
  group: Catalogue['groups'][number],
  classNo: number,
) =>
  multiply(
    catalogue.deviation.meanOf(group, classNo),
    fraction(catalogue.coefficientOf(group, classNo).coefficient4, 10_000n),
  );

async function adjustmentCoefficients(
  engine: Engine,
  policy: TypingPolicy,
  triggered: readonly TypeTrigger[],
): Promise<GroupTypes> {
  const chosen = new Map<string, CostStatistic>();
  if (policy.adjustment === 'chosen-cases') {
    const rows = await engine.rows(
      `SELECT c.group_no, c.type_no, count(*) AS cases, sum(CAST(c.cost_fen AS HUGEINT)) AS cost_fen, CAST(0 AS HUGEINT) AS square_fen
       FROM chosen_type AS c CROSS JOIN settlement_year AS y
       WHERE c.year = y.payment_year - 1 GROUP BY c.group_no, c.type_no`,
    );
    for (const row of rows) chosen.set(`${row.group_no} ${row.type_no}`, toStatistic(row));
  }
  const result = new Map<number, Map<number, bigint>>();
  for (const { groupNo, type, disease, ofType } of triggered) {
    // a type that nobody ended up with last year keeps its trigger coefficient
    const own = chosen.get(`${groupNo} ${type.typeNo}`) ?? ofType;
    const types = result.get(groupNo) ?? new Map<number, bigint>();
    result.set(groupNo, types.set(type.typeNo, adjustmentCoefficient4(own, disease)));
  }
  return result;
}

async function appendResults(
  engine: Engine,
  catalogue: Catalogue,
  triggers: readonly TypeTrigger[],
  coefficients: GroupTypes,
): Promise<void> {
  const groupOf = new Map(catalogue.groups.map((group) => [group.groupNo, group]));
  await engine.append(
    'type_result',
    triggers.map(({ groupNo, type, disease, ofType, verdict, coefficient }) => {
      const { groupCode, kind } = groupOf.get(groupNo)!;
      return [
        groupNo,
        groupCode,
        kind,
        type.typeNo,
        type.family,
        type.code,
        disease.cases,
        ofType.cases,
        cv4(disease),
        cv4(ofType),
        roundTo(coefficient, 4),
        verdict,
        coefficients.get(groupNo)?.get(type.typeNo) ?? null,
      ];
    }),
  );
}

/** CV to four decimals, cut off, for people to read: the integer root of CV² · 10^8. Nothing is decided with it. */
export function cv4(statistic: CostStatistic): bigint {
  const { numerator, denominator } = squaredCv(statistic);
  const target = (numerator * 100_000_000n) / denominator;
  if (target < 2n) return target;
  // Newton's method from above
  let root = 1n << BigInt(Math.ceil(target.toString(2).length / 2));
  for (;;) {
    const next = (root + target / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

const toStatistic = (row: Row): CostStatistic => ({
  cases: BigInt(row.cases as bigint),
  costFen: BigInt(row.cost_fen as bigint),
  squareFen: BigInt(row.square_fen as bigint),
});
