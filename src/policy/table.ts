import type { Text } from '#kernel/locale.ts';
import {
  DIMENSION_NAMES,
  DIMENSIONS,
  type Dimension,
  type DimensionDefinition,
  isDimension,
} from '#policy/registry/benefit-dimensions.ts';

/** Ratios of tables are integers × 10^6: basis points × 100. */
export const RATIO_SCALE = 1_000_000;
/** Fen of the largest amount a table may hold: ten billion yuan. */
const FEN_MAX = 1_000_000_000_000;
const BANDS_MAX = 7;

/** What a row of a table gives. `none` admits the word none: no limit. */
export type CellDefinition =
  | { readonly kind: 'yuan'; readonly none?: boolean }
  | { readonly kind: 'ratio'; readonly minimum: string; readonly maximum: string }
  | { readonly kind: 'count'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'ratio-bands' }
  | { readonly kind: 'choice' | 'choices'; readonly options: Readonly<Record<string, Text>> }
  | { readonly kind: 'name' };

/** One band: what lies up to and including `upTo` fen, at `ratio` × 10^6. The last band is open: Infinity. */
export type RatioBand = { readonly upTo: number; readonly ratio: number };

/** A cell read: `text` is canonical, `number` is fen, ratio × 10^6 or a count (Infinity: no limit). */
export type Cell = {
  readonly text: string;
  readonly number: number;
  readonly bands: readonly RatioBand[];
  readonly names: readonly string[];
};

type Range = { readonly from: number; readonly to: number };

/** One condition of a row: the dimension is one of the names, or lies in one of the ranges. */
export type Condition = {
  readonly dimension: Dimension;
  readonly names: readonly string[];
  readonly ranges: readonly Range[];
};

export type TableRow = {
  readonly text: string;
  readonly conditions: readonly Condition[];
  readonly cell: Cell;
  /** where it stands in its file */
  readonly line?: number;
};

/** What a row is held against: a name, several names the subject has at once, or a number. */
export type TableContext = Readonly<Partial<Record<Dimension, string | number | readonly string[]>>>;

/** Why a text is no row: what is wrong, where in the row, and what could stand there. */
export type RowProblem = {
  readonly problem: 'unknown-dimension' | 'wrong-name' | 'wrong-range' | 'malformed' | 'out-of-range';
  readonly field: string;
  readonly value: string;
  readonly expected: Text;
};

const ROW_SEPARATOR = ' ; ';
const ARROW = ' => ';

/** `scheme=resident & level=1,2 => 200 ; 500`: rows in their order, the first that fits gives the value. */
export function parseTable(cell: CellDefinition, text: string): TableRow[] | 'malformed' | 'out-of-range' {
  const rows: TableRow[] = [];
  for (const part of text.split(ROW_SEPARATOR)) {
    const arrow = part.indexOf(ARROW);
    const conditions: [string, string][] = [];
    if (arrow >= 0) {
      for (const condition of part.slice(0, arrow).split('&')) {
        const equals = condition.indexOf('=');
        if (equals < 0) return 'malformed';
        conditions.push([condition.slice(0, equals).trim(), condition.slice(equals + 1).trim()]);
      }
    }
    const row = parseRow(cell, conditions, (arrow >= 0 ? part.slice(arrow + ARROW.length) : part).trim());
    if ('problem' in row) return row.problem === 'out-of-range' ? 'out-of-range' : 'malformed';
    rows.push(row);
  }
  return rows;
}

export const tableText = (rows: readonly TableRow[]): string =>
  rows.map((row) => row.text).join(ROW_SEPARATOR);

/** One row from its conditions (dimension, comma-separated values) and the text of its cell. */
export function parseRow(
  definition: CellDefinition,
  written: readonly (readonly [string, string])[],
  cellText: string,
): TableRow | RowProblem {
  const conditions: Condition[] = [];
  for (const [field, text] of written) {
    if (!isDimension(field)) {
      const known = DIMENSION_NAMES.join(', ');
      return { problem: 'unknown-dimension', field, value: text, expected: { zh: known, en: known } };
    }
    const condition = parseCondition(field, text);
    if ('problem' in condition) return condition;
    conditions.push(condition);
  }
  const cell = parseCell(definition, cellText);
  if (typeof cell === 'string') {
    return { problem: cell, field: 'value', value: cellText, expected: expectedCell(definition) };
  }
  const left = conditions.map(({ dimension, names, ranges }) => {
    const values = [...names, ...ranges.map(rangeText)];
    return `${dimension}=${values.join(',')}`;
  });
  return { text: left.length > 0 ? `${left.join(' & ')}${ARROW}${cell.text}` : cell.text, conditions, cell };
}

function parseCondition(dimension: Dimension, text: string): Condition | RowProblem {
  const definition: DimensionDefinition = DIMENSIONS[dimension];
  const values = text.split(',').map((value) => value.trim());
  const problem = (kind: RowProblem['problem'], value: string, expected: Text): RowProblem => ({
    problem: kind,
    field: dimension,
    value,
    expected,
  });
  if (definition.kind !== 'number') {
    // names that a policy declares itself are checked when the policy is put together: unknownNames
    const open = definition.kind === 'text' || definition.declaredBy !== undefined;
    const names = definition.kind === 'names' ? Object.keys(definition.names) : [];
    const wrong = values.find((value) => (open ? !/^[^\s,;&=]+$/.test(value) : !names.includes(value)));
    if (wrong !== undefined) {
      const known = open
        ? { zh: '不含空格与 , ; & = 的名称', en: 'a name without blanks and , ; & =' }
        : undefined;
      return problem('wrong-name', wrong, known ?? { zh: names.join('、'), en: names.join(', ') });
    }
    return { dimension, names: values, ranges: [] };
  }
  const ranges: Range[] = [];
  for (const value of values) {
    const match = /^(\d{1,4})(?:(\+)|-(\d{1,4}))?$/.exec(value);
    const from = Number(match?.[1]);
    const to = match?.[2] ? Number.POSITIVE_INFINITY : Number(match?.[3] ?? match?.[1]);
    if (!match || to < from) {
      const expected = { zh: '整数、"0-6" 或 "70+"', en: 'a whole number, "0-6" or "70+"' };
      return problem('wrong-range', value, expected);
    }
    ranges.push({ from, to });
  }
  return { dimension, names: [], ranges };
}

const rangeText = ({ from, to }: Range): string =>
  from === to ? `${from}` : to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}-${to}`;

/** Names of rows that neither the dimension nor the policy declares: `[dimension, name]`. */
export function unknownNames(
  rows: readonly TableRow[],
  declared: Readonly<Partial<Record<Dimension, readonly string[]>>>,
): [Dimension, string][] {
  return rows.flatMap(({ conditions }) =>
    conditions.flatMap(({ dimension, names }) => {
      const definition: DimensionDefinition = DIMENSIONS[dimension];
      if (definition.kind !== 'names') return [];
      return names
        .filter((name) => !Object.hasOwn(definition.names, name) && !declared[dimension]?.includes(name))
        .map((name): [Dimension, string] => [dimension, name]);
    }),
  );
}

/** Whether every condition of the row holds. A dimension the subject does not have fits no condition. */
export function rowFits({ conditions }: TableRow, context: TableContext): boolean {
  for (const { dimension, names, ranges } of conditions) {
    const value = context[dimension];
    if (value === undefined) return false;
    const fits =
      typeof value === 'number'
        ? ranges.some(({ from, to }) => value >= from && value <= to)
        : typeof value === 'string'
          ? names.includes(value)
          : value.some((each) => names.includes(each));
    if (!fits) return false;
  }
  return true;
}

/** Whether every subject that fits `later` fits `earlier` already, so that `later`, standing below, never holds. */
export function hides(earlier: TableRow, later: TableRow): boolean {
  return earlier.conditions.every((condition) =>
    later.conditions.some(
      ({ dimension, names, ranges }) =>
        dimension === condition.dimension &&
        names.every((name) => condition.names.includes(name)) &&
        ranges.every(({ from, to }) =>
          condition.ranges.some((range) => range.from <= from && to <= range.to),
        ),
    ),
  );
}

const EMPTY: Omit<Cell, 'text'> = { number: 0, bands: [], names: [] };

export function parseCell(definition: CellDefinition, text: string): Cell | 'malformed' | 'out-of-range' {
  switch (definition.kind) {
    case 'yuan': {
      if (definition.none && text === 'none') return { ...EMPTY, text, number: Number.POSITIVE_INFINITY };
      const fen = fenOf(text);
      if (fen === undefined) return 'malformed';
      return fen > FEN_MAX ? 'out-of-range' : { ...EMPTY, text: yuanOf(fen), number: fen };
    }
    case 'ratio': {
      const ratio = ratioOf(text);
      if (ratio === undefined) return 'malformed';
      const inRange = ratio >= ratioOf(definition.minimum)! && ratio <= ratioOf(definition.maximum)!;
      return inRange ? { ...EMPTY, text: ratioText(ratio), number: ratio } : 'out-of-range';
    }
    case 'count': {
      if (!/^(0|[1-9]\d{0,8})$/.test(text)) return 'malformed';
      const count = Number(text);
      const inRange = count >= definition.minimum && count <= definition.maximum;
      return inRange ? { ...EMPTY, text, number: count } : 'out-of-range';
    }
    case 'ratio-bands':
      return parseRatioBands(text);
    case 'choice':
      return Object.hasOwn(definition.options, text) ? { ...EMPTY, text } : 'malformed';
    case 'choices': {
      const names = text === 'none' ? [] : text.split('>').map((name) => name.trim());
      if (!names.every((name) => Object.hasOwn(definition.options, name))) return 'malformed';
      if (new Set(names).size < names.length) return 'out-of-range';
      return { ...EMPTY, text: names.join(' > ') || 'none', names };
    }
    case 'name': {
      if (text.includes(ROW_SEPARATOR.trim()) || text.includes('=>')) return 'malformed';
      return text.length <= 200
        ? { ...EMPTY, text, names: text.split(',').map((name) => name.trim()) }
        : 'out-of-range';
    }
  }
}

function parseRatioBands(text: string): Cell | 'malformed' | 'out-of-range' {
  const parts = text.split('|').map((part) => part.split(':').map((number) => number.trim()));
  const bands: RatioBand[] = [];
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const upTo = last ? Number.POSITIVE_INFINITY : fenOf(part[0]!);
    const ratio = ratioOf(part.at(-1)!);
    if (part.length !== (last ? 1 : 2) || upTo === undefined || ratio === undefined) return 'malformed';
    if (ratio < 0 || ratio > RATIO_SCALE || upTo <= (bands.at(-1)?.upTo ?? -1)) return 'out-of-range';
    if (!last && (upTo > FEN_MAX || upTo === 0)) return 'out-of-range';
    bands.push({ upTo, ratio });
  }
  if (bands.length > BANDS_MAX) return 'out-of-range';
  const shown = bands.map(({ upTo, ratio }) =>
    upTo === Number.POSITIVE_INFINITY ? ratioText(ratio) : `${yuanOf(upTo)}:${ratioText(ratio)}`,
  );
  return { ...EMPTY, text: shown.join(' | '), bands };
}

/** Yuan with at most two decimals as fen. */
export function fenOf(text: string): number | undefined {
  const match = /^(0|[1-9]\d{0,11})(?:\.(\d{1,2}))?$/.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined;
}

/** "0.85", "85%" or "-5%" as × 10^6. */
function ratioOf(text: string): number | undefined {
  const match = /^(-?)(0|[1-9]\d{0,5})(?:\.(\d{1,6}))?(%?)$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole, decimals = '', percent] = match;
  if (percent && decimals.length > 4) return undefined;
  const scaled = Number(whole) * RATIO_SCALE + Number(decimals.padEnd(6, '0'));
  const value = percent ? scaled / 100 : scaled;
  return sign && value !== 0 ? -value : value;
}

export function ratioText(ratio: number): string {
  const size = Math.abs(ratio);
  const decimals = String(size % RATIO_SCALE)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${ratio < 0 ? '-' : ''}${Math.floor(size / RATIO_SCALE)}${decimals ? `.${decimals}` : ''}`;
}

/** Fen as yuan, without decimals when they are zero. */
export function yuanOf(fen: number): string {
  const rest = fen % 100;
  return rest === 0 ? `${fen / 100}` : `${(fen - rest) / 100}.${String(rest).padStart(2, '0')}`;
}

/** What a cell looks like, for messages and the guide. */
export function expectedCell(definition: CellDefinition): Text {
  switch (definition.kind) {
    case 'yuan':
      return definition.none
        ? {
            zh: '元，最多两位小数，或 none（不设限）',
            en: 'yuan with at most two decimals, or none for no limit',
          }
        : { zh: '元，最多两位小数', en: 'yuan with at most two decimals' };
    case 'ratio':
      return {
        zh: `${definition.minimum} 至 ${definition.maximum} 的比例，最多六位小数，也可写成 "85%"`,
        en: `a ratio, ${definition.minimum} to ${definition.maximum}, at most six decimals, or written "85%"`,
      };
    case 'count': {
      const range = `${definition.minimum}–${definition.maximum}`;
      return { zh: `${range} 的整数`, en: `a whole number, ${range}` };
    }
    case 'ratio-bands':
      return {
        zh: '一个比例，或至多 7 档“上限元:比例”，末档只写比例，如 "30000:0.85 | 40000:0.9 | 0.95"',
        en: 'a ratio, or at most 7 bands "up to yuan:ratio", the last only its ratio, such as "30000:0.85 | 40000:0.9 | 0.95"',
      };
    case 'choice': {
      const names = Object.keys(definition.options);
      return { zh: `${names.join('、')} 之一`, en: `one of ${names.join(', ')}` };
    }
    case 'choices': {
      const names = Object.keys(definition.options);
      return {
        zh: `none，或其中若干项写成 "a > b"：${names.join('、')}`,
        en: `none, or some of these written "a > b": ${names.join(', ')}`,
      };
    }
    case 'name':
      return {
        zh: '至多 200 个字的名称，多个用逗号分隔',
        en: 'a name, several separated by commas, at most 200 characters',
      };
  }
}
