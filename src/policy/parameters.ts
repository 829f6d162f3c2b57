import { compare, type Fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { ADJUSTMENT_PARAMETERS } from '#policy/registry/adjustments.ts';
import { BENEFIT_PARAMETERS } from '#policy/registry/benefits.ts';
import { CLEARING_PARAMETERS } from '#policy/registry/clearing.ts';
import { EVALUATION_PARAMETERS } from '#policy/registry/evaluation.ts';
import { GROUPING_PARAMETERS } from '#policy/registry/grouping.ts';
import { PARTS_PARAMETERS } from '#policy/registry/parts.ts';
import { POINTS_PARAMETERS } from '#policy/registry/points.ts';
import { REVIEW_PARAMETERS } from '#policy/registry/review.ts';
import { TYPING_PARAMETERS } from '#policy/registry/typing.ts';
import { type CellDefinition, expectedCell, parseTable, type TableRow, tableText } from '#policy/table.ts';
import type { Unit } from '#policy/titles.ts';

/** Ratios and coefficients have at most this many decimals: SQL reads them as integers × 10^4. */
export const DECIMALS_MAX = 4;
export const LIST_LENGTH_MAX = 10;

type Common = {
  readonly unit: Unit;
  readonly title: Text;
  /**
   * The parameter is read only when the choice `parameter` is itself read and is one of `is`, or the steps `parameter`
   * hold one of them. Without that a policy need not say it; with it a missing value is refused.
   */
  readonly when?: { readonly parameter: string; readonly is: readonly string[] };
};

type Range = { readonly minimum: string; readonly maximum: string };
type Options = { readonly options: Readonly<Record<string, Text>> };

/**
 * What a policy may say about one parameter.
 * - `integer`, `decimal`: one number. `integers`: several, such as year weights; the range is that of each.
 * - `bands`: a value for each band of a quantity, `up_to` inclusive, the last one open: `"100:3 | 200:2.5 | 2"`. The range
 *   is that of the values.
 * - `choice`: one of the named options. `steps`: some of them in an order, tried one after another: `"a > b > c"`.
 * - `text`: a name, such as that of a catalogue.
 * - `table`: rows that depend on person, place, institution and visit: `"level=1 => 200 ; 500"`.
 */
export type ParameterDefinition =
  | (Common & Range & { readonly kind: 'integer' | 'decimal' | 'integers' | 'bands' })
  | (Common & Options & { readonly kind: 'choice' | 'steps' })
  | (Common & { readonly kind: 'text' })
  | TableDefinition;

/**
 * A table of benefits: ordered rows, each with conditions and a value; the first row that fits gives the value. Rows
 * of the nearest layer come first. `fallback` is a table for what no row says; null: a missing value is refused.
 */
export type TableDefinition = Omit<Common, 'when'> & {
  readonly kind: 'table';
  readonly cell: CellDefinition;
  readonly fallback: string | null;
  readonly when?: undefined;
};

/** Every parameter that a step reads. A policy file may name no other. */
export const PARAMETERS = {
  ...GROUPING_PARAMETERS,
  ...POINTS_PARAMETERS,
  ...TYPING_PARAMETERS,
  ...ADJUSTMENT_PARAMETERS,
  ...REVIEW_PARAMETERS,
  ...CLEARING_PARAMETERS,
  ...PARTS_PARAMETERS,
  ...EVALUATION_PARAMETERS,
  ...BENEFIT_PARAMETERS,
} as const satisfies Readonly<Record<string, ParameterDefinition>>;

export type ParameterName = keyof typeof PARAMETERS;
type NameOfKind<Kind extends ParameterDefinition['kind']> = {
  [Name in ParameterName]: (typeof PARAMETERS)[Name]['kind'] extends Kind ? Name : never;
}[ParameterName];
export type IntegerParameter = NameOfKind<'integer'>;
export type DecimalParameter = NameOfKind<'decimal'>;
export type IntegersParameter = NameOfKind<'integers'>;
export type BandsParameter = NameOfKind<'bands'>;
export type ChoiceParameter = NameOfKind<'choice'>;
export type StepsParameter = NameOfKind<'steps'>;
export type TextParameter = NameOfKind<'text'>;
/** The options of a choice or the steps of a list of steps. */
export type OptionOf<Name extends ChoiceParameter | StepsParameter> =
  keyof (typeof PARAMETERS)[Name]['options'] & string;

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];

export const isParameterName = (name: string): name is ParameterName => Object.hasOwn(PARAMETERS, name);

/** The profile whose policies say the parameter, when it is another than that of the payment year. */
export const profileOf = (name: string): string | undefined =>
  isParameterName(name) && PARAMETERS[name].kind === 'table' ? 'benefits' : undefined;

/** One band: values up to and including `upTo`; the last band has none. */
export type Band = { readonly upTo: Fraction | undefined; readonly value: Fraction };

/** A value in its canonical text ("0.95", "15", "1:2:7"), so that 0.50 and 0.5 are the same. */
export type ParameterValue = { readonly text: string } & (
  | { readonly kind: 'integer'; readonly integer: bigint }
  | { readonly kind: 'decimal'; readonly decimal: Fraction }
  | { readonly kind: 'integers'; readonly integers: readonly bigint[] }
  | { readonly kind: 'bands'; readonly bands: readonly Band[] }
  | { readonly kind: 'choice'; readonly choice: string }
  | { readonly kind: 'steps'; readonly steps: readonly string[] }
  | { readonly kind: 'text' }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] }
);

const INTEGER = /^-?(0|[1-9]\d*)$/;
const DECIMAL = new RegExp(`^-?(0|[1-9]\\d*)(\\.\\d{1,${DECIMALS_MAX}})?$`);
const TEXT_LENGTH_MAX = 200;

/** The value a text stands for, or why it is none. */
export function parseValue(
  definition: ParameterDefinition,
  text: string,
): ParameterValue | 'malformed' | 'out-of-range' {
  switch (definition.kind) {
    case 'integer': {
      if (!INTEGER.test(text)) return 'malformed';
      const integer = BigInt(text);
      return inRange(definition, text)
        ? { kind: 'integer', text: integer.toString(), integer }
        : 'out-of-range';
    }
    case 'decimal': {
      if (!DECIMAL.test(text)) return 'malformed';
      const decimal = parseDecimal(text)!;
      return inRange(definition, text)
        ? { kind: 'decimal', text: decimalText(decimal), decimal }
        : 'out-of-range';
    }
    case 'integers': {
      const parts = split(text, ':');
      if (!parts.every((part) => INTEGER.test(part))) return 'malformed';
      if (parts.length > LIST_LENGTH_MAX) return 'out-of-range';
      if (!parts.every((part) => inRange(definition, part))) return 'out-of-range';
      const integers = parts.map(BigInt);
      return { kind: 'integers', text: integers.join(':'), integers };
    }
    case 'bands':
      return parseBands(definition, text);
    case 'choice':
      return Object.hasOwn(definition.options, text) ? { kind: 'choice', text, choice: text } : 'malformed';
    case 'steps': {
      const steps = split(text, '>');
      if (!steps.every((step) => Object.hasOwn(definition.options, step))) return 'malformed';
      if (new Set(steps).size < steps.length) return 'out-of-range';
      return { kind: 'steps', text: steps.join(' > '), steps };
    }
    case 'text':
      return text.length <= TEXT_LENGTH_MAX ? { kind: 'text', text } : 'out-of-range';
    case 'table': {
      const rows = parseTable(definition.cell, text);
      return typeof rows === 'string' ? rows : { kind: 'table', text: tableText(rows), rows };
    }
  }
}

const split = (text: string, separator: string): string[] => text.split(separator).map((part) => part.trim());

const inRange = ({ minimum, maximum }: Range, text: string): boolean => {
  const number = parseDecimal(text)!;
  return compare(number, parseDecimal(minimum)!) >= 0 && compare(number, parseDecimal(maximum)!) <= 0;
};

function parseBands(definition: Range, text: string): ParameterValue | 'malformed' | 'out-of-range' {
  const parts = split(text, '|').map((part) => split(part, ':'));
  const last = parts.length - 1;
  const sound = parts.every(
    (part, index) => part.length === (index === last ? 1 : 2) && part.every((number) => DECIMAL.test(number)),
  );
  if (!sound) return 'malformed';
  const bands = parts.map((part): Band => {
    const value = parseDecimal(part.at(-1)!)!;
    return { upTo: part.length === 2 ? parseDecimal(part[0]!)! : undefined, value };
  });
  const ascending = bands.every(
    ({ upTo }, index) => index === 0 || upTo === undefined || compare(upTo, bands[index - 1]!.upTo!) > 0,
  );
  if (!ascending || bands.length > LIST_LENGTH_MAX) return 'out-of-range';
  if (!parts.every((part) => inRange(definition, part.at(-1)!))) return 'out-of-range';
  const shown = bands.map(({ upTo, value }) =>
    upTo === undefined ? decimalText(value) : `${decimalText(upTo)}:${decimalText(value)}`,
  );
  return { kind: 'bands', text: shown.join(' | '), bands };
}

/** A decimal in units of 10^−4, as SQL reads it. */
export const scaledDecimal = (decimal: Fraction): bigint => roundTo(decimal, DECIMALS_MAX);

const decimalText = (decimal: Fraction): string =>
  scaledText(scaledDecimal(decimal), DECIMALS_MAX).replace(/\.?0+$/, '');

/** What a value of this parameter looks like, for messages. */
export function expectedValue(definition: ParameterDefinition): Text {
  const range = 'minimum' in definition ? `${definition.minimum}–${definition.maximum}` : '';
  const options = 'options' in definition ? Object.keys(definition.options) : [];
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
    case 'bands':
      return {
        zh: `1 至 ${LIST_LENGTH_MAX} 档“上限:值”，上限递增，末档只写值，值为 ${range}，如 "100:3 | 200:2.5 | 2"`,
        en: `1 to ${LIST_LENGTH_MAX} bands "up to:value" with ascending limits, the last without one, values ${range}, such as "100:3 | 200:2.5 | 2"`,
      };
    case 'choice':
      return { zh: `${options.join('、')} 之一`, en: `one of ${options.join(', ')}` };
    case 'steps':
      return {
        zh: `不重复的步骤，依次写成 "a > b"；可用：${options.join('、')}`,
        en: `different steps in their order, written "a > b"; known: ${options.join(', ')}`,
      };
    case 'text':
      return {
        zh: `至多 ${TEXT_LENGTH_MAX} 个字的文本`,
        en: `a text of at most ${TEXT_LENGTH_MAX} characters`,
      };
    case 'table':
      return expectedCell(definition.cell);
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
