import { amount, filled, level, type Reader, type Table } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';

/** Weight or score of a group as the area publishes it; `level` is undefined where it holds for all other levels. */
export type GroupWeight = {
  /** line of weights.csv */
  readonly row: number;
  readonly groupCode: string;
  readonly level: number | undefined;
  /** in units of 10^−4 */
  readonly weight4: bigint;
};

/** What a review decided: the normal points hold, the cost or an amount is paid, or points are given. */
export const SPECIAL_CASE_DECISIONS = ['rejected', 'cost', 'amount', 'points'] as const;

/** A row of a table about single cases, in the order of the columns of its table in `case_tables.sql`. */
export type CaseTableRow = readonly (string | number | bigint | null)[];

/** What the area says of single groups and cases. Columns of each file: docs/domain/drg-payment.md#area-tables. */
export type CaseTables = {
  readonly weights: readonly GroupWeight[];
  /** rows by name of the table they are for; a file that is not there has no entry */
  readonly rows: ReadonlyMap<CaseTableName, readonly CaseTableRow[]>;
};
export type CaseTableName =
  | 'excluded_item'
  | 'special_case'
  | 'add_on'
  | 'bed_day'
  | 'tcm_group'
  | 'tcm_operation'
  | 'tcm_fee'
  | 'readmission_reason';

export const CASE_TABLE_FILES: Readonly<Record<CaseTableName, string>> = {
  excluded_item: 'excluded_items.csv',
  special_case: 'special_cases.csv',
  add_on: 'add_ons.csv',
  bed_day: 'bed_days.csv',
  tcm_group: 'tcm_groups.csv',
  tcm_operation: 'tcm_operations.csv',
  tcm_fee: 'tcm_fees.csv',
  readmission_reason: 'readmission_reasons.csv',
};

export const text: Reader<string> = { read: (value) => value, expected: { zh: '文本', en: 'text' } };

/** An empty cell is null. */
export const optional = <T>({ read, expected }: Reader<T>): Reader<T | null> => ({
  read: (value) => (value === '' ? null : read(value)),
  expected: { zh: `空或${expected.zh.trimStart()}`, en: `empty or ${expected.en}` },
});

const decimal4 = (most: number, zh: string, en: string): Reader<bigint> => ({
  read: (value) => {
    const number = /^\d{1,9}(\.\d{1,4})?$/.test(value) ? parseDecimal(value) : undefined;
    if (number === undefined) return undefined;
    const scaled = roundTo(number, 4);
    return scaled > BigInt(most) * 10_000n ? undefined : scaled;
  },
  expected: {
    zh: ` 0 至 ${most} 之间的${zh}，至多四位小数`,
    en: `${en} between 0 and ${most}, at most four decimals`,
  },
});
const WEIGHT_MOST = 100_000;
const weight: Reader<bigint> = {
  ...decimal4(WEIGHT_MOST, '权重或分值', 'a weight or score'),
  read: (value) => {
    const scaled = decimal4(WEIGHT_MOST, '', '').read(value);
    return scaled === 0n ? undefined : scaled;
  },
  expected: {
    zh: `大于 0、不超过 ${WEIGHT_MOST} 的权重或分值，至多四位小数`,
    en: `a weight or score above 0, at most ${WEIGHT_MOST}, with at most four decimals`,
  },
};
export const points = decimal4(10_000_000, '点数', 'points');

const whole = (least: number, most: number): Reader<number> => ({
  read: (value) =>
    /^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined,
  expected: { zh: ` ${least} 至 ${most} 的整数`, en: `an integer from ${least} to ${most}` },
});
const days = whole(0, 32_767);

const decision: Reader<(typeof SPECIAL_CASE_DECISIONS)[number]> = {
  read: (value) => SPECIAL_CASE_DECISIONS.find((name) => name === value),
  expected: {
    zh: ` ${SPECIAL_CASE_DECISIONS.join('、')} 之一`,
    en: `one of ${SPECIAL_CASE_DECISIONS.join(', ')}`,
  },
};

export type OpenTable = (file: string, columns: readonly string[], required: boolean) => Table;

/** Reads the tables about single groups and cases; what is wrong with them goes to the problems of `open`. */
export function readCaseTables(open: OpenTable): CaseTables {
  const rows = new Map<CaseTableName, readonly CaseTableRow[]>();
  const read = (
    name: CaseTableName,
    columns: readonly string[],
    build: Parameters<Table['records']>[0],
    rules: Parameters<Table['records']>[1],
  ) => {
    const table = open(CASE_TABLE_FILES[name], columns, false);
    const records = table.records(build, rules) as unknown as CaseTableRow[];
    if (table.present) rows.set(name, records);
  };

  const weights = open('weights.csv', ['group_code', 'weight'], false).records(
    (field, row): GroupWeight => ({
      row,
      groupCode: field('group_code', filled),
      level: field('level', optional(level)) ?? undefined,
      weight4: field('weight', weight),
    }),
    { key: ['group_code', 'level'] },
  );

  read(
    'excluded_item',
    ['setl_id', 'item', 'amount', 'fund_amount'],
    (field, row) => [
      row,
      field('setl_id', filled),
      field('item', filled),
      field('amount', amount),
      field('fund_amount', amount),
    ],
    {
      key: ['setl_id', 'item'],
      check: (row, report) => {
        const [, , , whole, fund] = row as readonly bigint[];
        if (fund! > whole!) report(areaErrors.fundAboveAmount, 'fund_amount', '');
      },
    },
  );
  // exactly one of amount and points, as the decision asks
  read(
    'special_case',
    ['setl_id', 'decision', 'amount', 'points', 'reason'],
    (field, row) => [
      row,
      field('setl_id', filled),
      field('decision', decision),
      field('amount', optional(amount)),
      field('points', optional(points)),
      field('reason', text),
    ],
    {
      key: ['setl_id'],
      check: (row, report) => {
        const [, , decided, amountFen, points4] = row as readonly (string | null)[];
        for (const [column, value] of [
          ['amount', amountFen],
          ['points', points4],
        ] as const) {
          if ((value !== null) !== (decided === column)) report(areaErrors.decisionNeeds, column, decided!);
        }
      },
    },
  );
  read(
    'add_on',
    ['setl_id', 'item', 'amount', 'points', 'reason'],
    (field, row) => [
      row,
      field('setl_id', filled),
      field('item', filled),
      field('amount', optional(amount)),
      field('points', optional(points)),
      field('reason', text),
    ],
    {
      key: ['setl_id', 'item'],
      check: (row, report) => {
        const [, , , amountFen, points4] = row as readonly unknown[];
        if ((amountFen === null) === (points4 === null)) report(areaErrors.amountOrPoints, 'amount', '');
      },
    },
  );
  read(
    'bed_day',
    ['class', 'diagnosis', 'level', 'fixmedins_code', 'minimum_stay', 'points_per_day', 'yuan_per_day'],
    (field, row) => [
      row,
      field('class', filled),
      field('diagnosis', text),
      field('level', optional(level)),
      field('fixmedins_code', optional(filled)),
      field('minimum_stay', optional(days)) ?? 1,
      field('points_per_day', optional(points)),
      field('yuan_per_day', optional(amount)),
    ],
    {
      key: ['diagnosis', 'level', 'fixmedins_code', 'minimum_stay'],
      check: (row, report) => {
        const [, , , , , , points4, fen] = row as readonly unknown[];
        if ((fen === null) === (points4 === null)) report(areaErrors.amountOrPoints, 'yuan_per_day', '');
      },
    },
  );
  read(
    'tcm_group',
    ['group_code', 'minimum_stay', 'fallback_group'],
    (field, row) => [
      row,
      field('group_code', filled),
      field('minimum_stay', optional(days)) ?? 1,
      field('fallback_group', filled),
    ],
    { key: ['group_code'] },
  );
  read(
    'tcm_operation',
    ['oprn_oprt_code', 'class'],
    (field, row) => [row, field('oprn_oprt_code', filled), field('class', filled)],
    { key: ['oprn_oprt_code'] },
  );
  read(
    'tcm_fee',
    ['setl_id', ...TCM_FEES, ...OTHER_FEES],
    (field, row) => {
      const sum = (columns: readonly string[]) =>
        columns.reduce((total, column) => total + (field(column, amount) ?? 0n), 0n);
      const [setlId, tcm, other] = [field('setl_id', filled), sum(TCM_FEES), sum(OTHER_FEES)];
      return [row, setlId, tcm, tcm + other];
    },
    { key: ['setl_id'] },
  );
  read(
    'readmission_reason',
    ['setl_id', 'reason'],
    (field, row) => [row, field('setl_id', filled), field('reason', filled)],
    { key: ['setl_id'] },
  );
  return { weights, rows };
}

/** Numerator of the share of TCM treatment, and the rest of its denominator. Source: rules of Chongqing. */
const TCM_FEES = ['tcm_treatment', 'tcm_patent_medicine', 'tcm_herbs'];
const OTHER_FEES = ['western_treatment', 'western_medicine', 'surgery', 'consumables'];
