import { compare, type Fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';

/** Ratios and coefficients have at most this many decimals: SQL reads them as integers × 10^4. */
export const DECIMALS_MAX = 4;
export const LIST_LENGTH_MAX = 10;

export type Unit = 'cases' | 'points' | 'weights' | 'coefficient' | 'ratio' | 'characters' | 'class';

export const UNIT_TITLES: Readonly<Record<Unit, Text>> = {
  cases: { zh: '例', en: 'cases' },
  points: { zh: '分', en: 'points' },
  weights: { zh: '权重', en: 'weights' },
  coefficient: { zh: '系数', en: 'coefficient' },
  ratio: { zh: '比例', en: 'ratio' },
  characters: { zh: '字符', en: 'characters' },
  class: { zh: '类别号', en: 'class number' },
};

/** What a policy may say about one parameter. For a list of integers the range is that of each. */
export type ParameterDefinition = {
  readonly kind: 'integer' | 'decimal' | 'integers';
  readonly unit: Unit;
  readonly minimum: string;
  readonly maximum: string;
  readonly title: Text;
};

const ratio = (maximum: string, zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'ratio', minimum: '0', maximum, title: { zh, en } }) as const;

// A case's cost is divided by its coefficient, therefore a coefficient is never 0.
const coefficient = (zh: string, en: string) =>
  ({ kind: 'decimal', unit: 'coefficient', minimum: '0.0001', maximum: '10', title: { zh, en } }) as const;

const comprehensiveClass = (zh: string, en: string) =>
  ({ kind: 'integer', unit: 'class', minimum: '1', maximum: '9', title: { zh, en } }) as const;

/** Every parameter the reference profile reads. A policy file may name no other. */
export const PARAMETERS = {
  'catalogue.core_threshold': {
    kind: 'integer',
    unit: 'cases',
    minimum: '1',
    maximum: '1000000',
    title: { zh: '核心病种例数门槛', en: 'history cases a core disease group needs' },
  },
  'score.year_weights': {
    kind: 'integers',
    unit: 'weights',
    minimum: '1',
    maximum: '1000',
    title: { zh: '历史年度权重（由远到近）', en: 'weights of the history years, oldest first' },
  },
  'score.mean_score': {
    kind: 'integer',
    unit: 'points',
    minimum: '1',
    maximum: '1000000',
    title: { zh: '平均费用对应的分值', en: 'score of a group of average cost' },
  },
  'coefficient.no_history': coefficient(
    '无历史数据级别的机构系数',
    'institution coefficient of a level without history',
  ),
  'coefficient.primary_care': coefficient(
    '基层病种的机构系数',
    'institution coefficient in primary-care groups',
  ),
  'deviation.low_ratio': ratio('1', '低倍率界限', 'cost ratio below which a case is a low outlier'),
  'deviation.high_ratio': {
    kind: 'decimal',
    unit: 'ratio',
    minimum: '1',
    maximum: '100',
    title: { zh: '高倍率界限', en: 'cost ratio above which a case is a high outlier' },
  },
  'ungrouped.ratio': ratio('1', '未入组病例计分比例', 'share of its cost an ungrouped case is scored with'),
  'payment.monthly_ratio': ratio('1', '月预结算支付比例', 'share paid in the monthly interim settlement'),
  'clearing.default_assessment': ratio(
    '2',
    '无考核结果时的考核系数',
    'assessment coefficient where none is given',
  ),
  'grouping.core_diagnosis_length': {
    kind: 'integer',
    unit: 'characters',
    minimum: '3',
    maximum: '10',
    title: { zh: '核心病种的主要诊断位数', en: 'characters of the principal diagnosis in a core group' },
  },
  'grouping.comprehensive_diagnosis_length': {
    kind: 'integer',
    unit: 'characters',
    minimum: '1',
    maximum: '10',
    title: {
      zh: '综合病种的主要诊断位数',
      en: 'characters of the principal diagnosis in a comprehensive group',
    },
  },
  'comprehensive.class.surgery': comprehensiveClass('综合病种类别：手术', 'comprehensive class: surgery'),
  'comprehensive.class.intervention': comprehensiveClass(
    '综合病种类别：介入治疗',
    'comprehensive class: intervention',
  ),
  'comprehensive.class.therapeutic': comprehensiveClass(
    '综合病种类别：治疗性操作',
    'comprehensive class: therapeutic procedure',
  ),
  'comprehensive.class.diagnostic': comprehensiveClass(
    '综合病种类别：诊断性操作',
    'comprehensive class: diagnostic procedure',
  ),
  'comprehensive.class.none': comprehensiveClass(
    '综合病种类别：无手术操作',
    'comprehensive class: no procedure',
  ),
} as const satisfies Readonly<Record<string, ParameterDefinition>>;

export type ParameterName = keyof typeof PARAMETERS;
type NameOfKind<Kind extends ParameterDefinition['kind']> = {
  [Name in ParameterName]: (typeof PARAMETERS)[Name]['kind'] extends Kind ? Name : never;
}[ParameterName];
export type IntegerParameter = NameOfKind<'integer'>;
export type DecimalParameter = NameOfKind<'decimal'>;
export type IntegersParameter = NameOfKind<'integers'>;

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];

export const isParameterName = (name: string): name is ParameterName => Object.hasOwn(PARAMETERS, name);

/** A value in its canonical text ("0.95", "15", "1:2:7"), so that 0.50 and 0.5 are the same. */
export type ParameterValue =
  | { readonly kind: 'integer'; readonly text: string; readonly integer: bigint }
  | { readonly kind: 'decimal'; readonly text: string; readonly decimal: Fraction }
  | { readonly kind: 'integers'; readonly text: string; readonly integers: readonly bigint[] };

const INTEGER = /^-?(0|[1-9]\d*)$/;
const DECIMAL = new RegExp(`^-?(0|[1-9]\\d*)(\\.\\d{1,${DECIMALS_MAX}})?$`);

/** The value a text stands for, or why it is none. */
export function parseValue(
  definition: ParameterDefinition,
  text: string,
): ParameterValue | 'malformed' | 'out-of-range' {
  const minimum = parseDecimal(definition.minimum)!;
  const maximum = parseDecimal(definition.maximum)!;
  const inRange = (number: Fraction) => compare(number, minimum) >= 0 && compare(number, maximum) <= 0;

  switch (definition.kind) {
    case 'integer': {
      if (!INTEGER.test(text)) return 'malformed';
      const integer = BigInt(text);
      return inRange(parseDecimal(text)!)
        ? { kind: 'integer', text: integer.toString(), integer }
        : 'out-of-range';
    }
    case 'decimal': {
      if (!DECIMAL.test(text)) return 'malformed';
      const decimal = parseDecimal(text)!;
      return inRange(decimal) ? { kind: 'decimal', text: decimalText(decimal), decimal } : 'out-of-range';
    }
    case 'integers': {
      const parts = text.split(':').map((part) => part.trim());
      if (!parts.every((part) => INTEGER.test(part))) return 'malformed';
      if (parts.length > LIST_LENGTH_MAX) return 'out-of-range';
      if (!parts.every((part) => inRange(parseDecimal(part)!))) return 'out-of-range';
      const integers = parts.map(BigInt);
      return { kind: 'integers', text: integers.join(':'), integers };
    }
  }
}

/** A decimal in units of 10^−4, as SQL reads it. */
export const scaledDecimal = (decimal: Fraction): bigint => roundTo(decimal, DECIMALS_MAX);

const decimalText = (decimal: Fraction): string =>
  scaledText(scaledDecimal(decimal), DECIMALS_MAX).replace(/\.?0+$/, '');

/** What a value of this parameter looks like, for messages. */
export function expectedValue(definition: ParameterDefinition): Text {
  const range = `${definition.minimum}–${definition.maximum}`;
  switch (definition.kind) {
    case 'integer':
      return { zh: `${range} 的整数`, en: `an integer, ${range}` };
    case 'decimal':
      return {
        zh: `${range} 的小数，最多 ${DECIMALS_MAX} 位`,
        en: `a decimal with at most ${DECIMALS_MAX} places, ${range}`,
      };
    case 'integers':
      return {
        zh: `1 至 ${LIST_LENGTH_MAX} 个整数，由远到近，每个 ${range}，如 "1:2:7"`,
        en: `1 to ${LIST_LENGTH_MAX} integers, oldest first, each ${range}, such as "1:2:7"`,
      };
  }
}

const NEAR_NAMES_SHOWN = 3;

/** The known names most like a mistyped one: those that contain it, then by edit distance to the name or a word of it. */
export function nearNames(name: string): readonly ParameterName[] {
  const wanted = name.toLowerCase();
  return PARAMETER_NAMES.map((known) => ({
    known,
    distance: known.includes(wanted)
      ? 0
      : Math.min(...[known, ...known.split(/[._]/)].map((part) => editDistance(wanted, part))),
  }))
    .sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
    .slice(0, NEAR_NAMES_SHOWN)
    .map(({ known }) => known);
}

/** Levenshtein distance: how many characters must be added, dropped or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (b[j] === character ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
