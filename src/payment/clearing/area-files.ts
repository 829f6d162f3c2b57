import {
  type AreaTables,
  amount,
  filled,
  type Reader,
  type SchemeCode,
  scheme,
  Table,
  year as yearOf,
} from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';

/** The files of an area folder that the months and the clearing read; every one may be absent. */
export type ClearingFiles = {
  readonly monthDeductions: readonly (InMonth & { readonly amountFen: bigint; readonly reason: string })[];
  readonly monthLocks: readonly { readonly month: YearMonth; readonly lockDate: string }[];
  readonly listUploads: readonly { readonly setlId: string; readonly uploadDate: string }[];
  readonly otherFunds: readonly (InMonth & { readonly amountFen: bigint; readonly row: number })[];
  readonly scores: readonly (OfYear & { readonly score4: bigint })[];
  readonly operatingCosts: readonly (OfYear & {
    readonly incomeFen: bigint | undefined;
    readonly operatingCostFen: bigint;
  })[];
  /** a value of a point, or the rate of a weight of 1, in yuan × 10^8: exactly one is given */
  readonly publishedValues: readonly (SchemeYear & {
    readonly pointValue8: bigint | null;
    readonly rate8: bigint | null;
  })[];
  readonly baselinePoints: readonly (OfYear & SchemeYear & { readonly points4: bigint })[];
  readonly adjustmentFunds: readonly (SchemeYear & { readonly amountFen: bigint })[];
  /** sha256 of each file read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
};

type YearMonth = { readonly year: number; readonly month: number };
type OfYear = { readonly year: number; readonly fixmedinsCode: string };
type SchemeYear = { readonly year: number; readonly scheme: SchemeCode };
type InMonth = { readonly month: YearMonth; readonly fixmedinsCode: string; readonly scheme: SchemeCode };

const COLUMNS = {
  'month_deductions.csv': ['month', 'insutype', 'fixmedins_code', 'amount', 'reason'],
  'month_locks.csv': ['month', 'lock_date'],
  'list_uploads.csv': ['setl_id', 'upload_date'],
  'other_fund_payments.csv': ['month', 'insutype', 'fixmedins_code', 'amount'],
  'assessment_scores.csv': ['year', 'fixmedins_code', 'score'],
  'operating_costs.csv': ['year', 'fixmedins_code', 'income', 'operating_cost'],
  'point_values_published.csv': ['year', 'insutype'],
  'baseline_points.csv': ['year', 'insutype', 'fixmedins_code', 'points'],
  'adjustment_fund.csv': ['year', 'insutype', 'amount'],
} as const;
type FileName = keyof typeof COLUMNS;
/** Columns that stand beside those of `COLUMNS` when they are asked for: one of them is enough. */
const ONE_OF: Partial<Record<FileName, string>> = { 'point_values_published.csv': 'point_value|rate' };

export const clearingErrors = {
  valueOrRate: {
    code: 'clearing.value-or-rate',
    exit: 3,
    message: {
      zh: '点值 point_value 与费率 rate 两列应恰好填一列',
      en: 'exactly one of the two columns, point_value and rate, must be filled',
    },
    remedy: {
      zh: '每分多少元填 point_value；权重 1 多少元填 rate；另一列留空或不写',
      en: 'yuan of a point go into point_value, yuan of a weight of 1 into rate; leave the other empty or out',
    },
  },
  fileNeeded: {
    code: 'clearing.file-needed',
    exit: 3,
    message: {
      zh: '参数 {parameter} = {chosen} 需要这个文件，其中没有 {year} 年险种 {schemes} 的行',
      en: 'parameter {parameter} = {chosen} needs this file to have rows of scheme {schemes} in {year}',
    },
    remedy: {
      zh: '补上文件，列为 {columns}；或改用参数的其他选项',
      en: 'add them, with the columns {columns}, or choose another option of the parameter',
    },
  },
  trimmedShare: {
    code: 'clearing.trimmed-share',
    exit: 4,
    message: {
      zh: '年初点值裁剪了历史病例的 {share}，超出 {minimum} 至 {maximum} 的范围',
      en: 'trimming for the start-of-year point value leaves out {share} of the history cases, outside {minimum} to {maximum}',
    },
    remedy: {
      zh: '调整 point_value.trim_* 参数，或把 point_value.trim_share_check 设为 report',
      en: 'change the parameters point_value.trim_*, or set point_value.trim_share_check to report',
    },
  },
  emptyZone: {
    code: 'clearing.empty-value-zone',
    exit: 3,
    message: {
      zh: '优值区间里没有机构：需要每分收入和每分成本都低于平均、且收入不低于成本的机构',
      en: 'no institution is in the value zone: below the means in income and cost per point, and with income not below cost',
    },
    remedy: {
      zh: '补全 operating_costs.csv 各历史年度的行，或改用 point_value.start_zone 的其他选项',
      en: 'complete the history years in operating_costs.csv, or choose another option of point_value.start_zone',
    },
  },
  otherFundsTooMuch: {
    code: 'clearing.other-funds-too-much',
    exit: 3,
    message: {
      zh: '其他基金支付多于该机构该月清单的基金支付总额 {fund} 元',
      en: 'other funds paid more than all funds on the lists of that institution and month, {fund} yuan',
    },
    remedy: {
      zh: '改正金额、月份、险种或机构；没有清单的月份不应有这一行',
      en: 'correct the amount, month, scheme or institution; a month without lists needs no row',
    },
  },
  earlyLock: {
    code: 'clearing.lock-before-month-ends',
    exit: 3,
    message: {
      zh: '锁定日期早于该月结束',
      en: 'the month is locked before it has ended',
    },
    remedy: { zh: '改正 lock_date', en: 'correct lock_date' },
  },
} satisfies Record<string, ErrorDefinition>;

const month: Reader<YearMonth> = {
  read: (text) => {
    const match = /^((?:19|20)\d\d)-(0[1-9]|1[0-2])$/.exec(text);
    return match ? { year: Number(match[1]), month: Number(match[2]) } : undefined;
  },
  expected: { zh: '月份，如 2025-03', en: 'a month, such as 2025-03' },
};
const day: Reader<string> = {
  read: (text) => {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
    try {
      return Temporal.PlainDate.from(text).toString();
    } catch {
      return undefined;
    }
  },
  expected: { zh: '日期，如 2025-04-15', en: 'a date, such as 2025-04-15' },
};
const decimal = (decimals: number, maximum: bigint, zh: string, en: string): Reader<bigint> => ({
  read: (text) => {
    const isPlain = new RegExp(`^\\d{1,15}(\\.\\d{1,${decimals}})?$`).test(text);
    const value = isPlain ? roundTo(parseDecimal(text)!, decimals) : undefined;
    return value === undefined || value > maximum * 10n ** BigInt(decimals) ? undefined : value;
  },
  expected: { zh, en },
});
const score = decimal(
  4,
  100n,
  ' 0 至 100 的得分，至多四位小数',
  'a score from 0 to 100, at most four decimals',
);
const pointValue = decimal(
  8,
  1_000_000n,
  '空或点值（元/分），至多八位小数',
  'empty or a point value in yuan, at most eight decimals',
);
const rate = decimal(
  8,
  1_000_000n,
  '空或费率（元/权重 1），至多八位小数',
  'empty or a rate in yuan of a weight of 1, at most eight decimals',
);
const orNull = ({ read, expected }: Reader<bigint>): Reader<bigint | null> => ({
  read: (text) => (text === '' ? null : read(text)),
  expected,
});
const points = decimal(4, 10n ** 13n, '分值，至多四位小数', 'points, at most four decimals');
const optionalAmount = orNull(amount);
const anyText: Reader<string> = { read: (text) => text, expected: filled.expected };

/**
 * Reads the files of the months and the clearing. Everything wrong with all of them is reported together.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export function readClearingFiles(folder: string, tables: AreaTables): ClearingFiles {
  const problems: Problem[] = [];
  const hashes = new Map<string, string>();
  const known = new Set(tables.institutions.map((row) => row.fixmedinsCode));
  const open = (file: FileName) => new Table(folder, file, COLUMNS[file], false, problems, hashes);
  const isKnown = <Row extends { readonly fixmedinsCode: string }>(
    row: Row,
    report: (definition: ErrorDefinition, field: string, value: string) => void,
  ) => {
    if (!known.has(row.fixmedinsCode)) {
      report(areaErrors.unknownInstitution, 'fixmedins_code', row.fixmedinsCode);
    }
  };
  const files: ClearingFiles = {
    hashes,
    monthDeductions: open('month_deductions.csv').records(
      (field) => ({
        month: field('month', month),
        scheme: field('insutype', scheme),
        fixmedinsCode: field('fixmedins_code', filled),
        amountFen: field('amount', amount),
        reason: field('reason', anyText),
      }),
      { check: isKnown },
    ),
    monthLocks: open('month_locks.csv').records(
      (field) => ({ month: field('month', month), lockDate: field('lock_date', day) }),
      {
        key: ['month'],
        check: (row, report) => {
          const { year, month: number } = row.month;
          const { daysInMonth } = Temporal.PlainYearMonth.from({ year, month: number });
          const last = Temporal.PlainDate.from({ year, month: number, day: daysInMonth });
          if (Temporal.PlainDate.compare(row.lockDate, last) < 0) {
            report(clearingErrors.earlyLock, 'lock_date', row.lockDate);
          }
        },
      },
    ),
    listUploads: open('list_uploads.csv').records(
      (field) => ({ setlId: field('setl_id', filled), uploadDate: field('upload_date', day) }),
      { key: ['setl_id'] },
    ),
    otherFunds: open('other_fund_payments.csv').records(
      (field, row) => ({
        month: field('month', month),
        scheme: field('insutype', scheme),
        fixmedinsCode: field('fixmedins_code', filled),
        amountFen: field('amount', amount),
        row,
      }),
      { key: ['month', 'insutype', 'fixmedins_code'], check: isKnown },
    ),
    scores: open('assessment_scores.csv').records(
      (field) => ({
        year: field('year', yearOf),
        fixmedinsCode: field('fixmedins_code', filled),
        score4: field('score', score),
      }),
      { key: ['year', 'fixmedins_code'], check: isKnown },
    ),
    operatingCosts: open('operating_costs.csv').records(
      (field) => ({
        year: field('year', yearOf),
        fixmedinsCode: field('fixmedins_code', filled),
        incomeFen: field('income', optionalAmount) ?? undefined,
        operatingCostFen: field('operating_cost', amount),
      }),
      { key: ['year', 'fixmedins_code'], check: isKnown },
    ),
    publishedValues: open('point_values_published.csv').records(
      (field) => ({
        year: field('year', yearOf),
        scheme: field('insutype', scheme),
        pointValue8: field('point_value', orNull(pointValue)),
        rate8: field('rate', orNull(rate)),
      }),
      {
        key: ['year', 'insutype'],
        check: ({ pointValue8, rate8 }, report) => {
          if ((pointValue8 === null) === (rate8 === null))
            report(clearingErrors.valueOrRate, 'point_value,rate', '');
        },
      },
    ),
    baselinePoints: open('baseline_points.csv').records(
      (field) => ({
        year: field('year', yearOf),
        scheme: field('insutype', scheme),
        fixmedinsCode: field('fixmedins_code', filled),
        points4: field('points', points),
      }),
      { key: ['year', 'insutype', 'fixmedins_code'], check: isKnown },
    ),
    adjustmentFunds: open('adjustment_fund.csv').records(
      (field) => ({
        year: field('year', yearOf),
        scheme: field('insutype', scheme),
        amountFen: field('amount', amount),
      }),
      { key: ['year', 'insutype'] },
    ),
  };
  if (problems.length > 0) throw new YibaoError(problems);
  return files;
}

/** The files that the policy of a year cannot do without. Asked before the lists are read. */
export function checkFilesSuffice(
  files: ClearingFiles,
  policy: Policy,
  year: number,
  schemes: readonly SchemeCode[],
): void {
  const problems: Problem[] = [];
  const need = (file: FileName, parameter: string, chosen: string, has: ReadonlySet<SchemeCode>) => {
    const missing = schemes.filter((each) => !has.has(each));
    if (missing.length === 0) return;
    const oneOf = ONE_OF[file];
    const columns = [...COLUMNS[file], ...(oneOf ? [oneOf] : [])].join(',');
    problems.push({
      definition: clearingErrors.fileNeeded,
      file,
      parameters: { parameter, chosen, year, schemes: missing.join(', '), columns },
    });
  };
  const schemesOf = (rows: readonly SchemeYear[]) =>
    new Set(rows.filter((row) => row.year === year).map((row) => row.scheme));
  const mode = policy.choice('point_value.mode');
  if (mode === 'fixed' && policy.choice('point_value.published') === 'file') {
    need('point_values_published.csv', 'point_value.published', 'file', schemesOf(files.publishedValues));
  }
  if (mode === 'elastic' && policy.choice('point_value.baseline') === 'file') {
    need('baseline_points.csv', 'point_value.baseline', 'file', schemesOf(files.baselinePoints));
  }
  if (policy.choice('point_value.start_zone') === 'value-zone-2d') {
    const all = files.operatingCosts.length > 0 ? schemes : [];
    need('operating_costs.csv', 'point_value.start_zone', 'value-zone-2d', new Set(all));
  }
  const usesScores =
    (policy.choice('clearing.assessment') === 'score-bands' && 'clearing.assessment') ||
    (policy.choice('deposit.mode') === 'assessed' && 'deposit.mode') ||
    (policy.choice('prepayment.mode') === 'last-year' &&
      policy.fraction('prepayment.minimum_score').numerator > 0n &&
      'prepayment.minimum_score');
  if (usesScores) {
    const all = files.scores.some((row) => row.year === year) ? schemes : [];
    need(
      'assessment_scores.csv',
      usesScores,
      policy.values[usesScores as 'deposit.mode']?.value.text ?? '',
      new Set(all),
    );
  }
  if (policy.choice('payment.patient_payments') === 'non-pool') {
    const has = files.otherFunds.filter((row) => row.month.year === year).map((row) => row.scheme);
    need('other_fund_payments.csv', 'payment.patient_payments', 'non-pool', new Set(has));
  }
  if (problems.length > 0) throw new YibaoError(problems);
}
