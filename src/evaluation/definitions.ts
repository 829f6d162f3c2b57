import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Text } from '#kernel/locale.ts';
import { INDICATOR_UNITS } from './titles.ts';

export const SCOPES = ['area', 'scheme', 'level', 'institution', 'group'] as const;
export type Scope = (typeof SCOPES)[number];

export { INDICATOR_UNITS };
export type IndicatorUnit = keyof typeof INDICATOR_UNITS;

/** How sure the formula is: it stands in a text, in public programs, is from memory, or is a proposal of this project. */
export const EVIDENCE_TITLES = {
  confirmed: { zh: '文件载明', en: 'in a text' },
  practice: { zh: '见于程序', en: 'in public programs' },
  memory: { zh: '凭记忆，未见原文', en: 'from memory, text not seen' },
  proposed: { zh: '本方案建议', en: 'a proposal of this project' },
} as const satisfies Readonly<Record<string, Text>>;
export type Evidence = keyof typeof EVIDENCE_TITLES;

/** One indicator as its YAML file defines it. */
export type Indicator = {
  readonly name: string;
  readonly family: string;
  readonly title: Text;
  readonly formula: Text;
  readonly unit: IndicatorUnit;
  /** of the value */
  readonly decimals: number;
  /** a measure of the `*_measure` tables */
  readonly numerator: string;
  /** undefined: the value is the numerator */
  readonly denominator: string | undefined;
  readonly scopes: readonly Scope[];
  /** which way is better for fund and persons; none: neither is */
  readonly direction: 'higher' | 'lower' | 'none';
  readonly monthly: boolean;
  /** whether the year before is shown beside it */
  readonly compared: boolean;
  /** whether institutions are compared with those of their level */
  readonly peers: boolean;
  /** the data without which it cannot be said */
  readonly needs: Text | undefined;
  readonly evidence: Evidence;
  readonly source: string;
  readonly rule: string;
};

export type Family = { readonly name: string; readonly title: Text };

const folder = join(import.meta.dirname, 'indicators');
/** What holds where a definition says nothing. */
const WHEN_SILENT = { denominator: undefined, monthly: true, compared: true, peers: true, needs: undefined };

/** Families and indicators in the order of the files. */
export function loadIndicators(): {
  readonly families: readonly Family[];
  readonly indicators: readonly Indicator[];
} {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
  const families: Family[] = [];
  const indicators: Indicator[] = [];
  for (const file of files) {
    const name = file.replace(/^\d+-|\.yaml$/g, '');
    const { title, indicators: defined } = parse(readFileSync(join(folder, file), 'utf8'));
    families.push({ name, title });
    for (const [key, value] of Object.entries(defined as Record<string, Partial<Indicator>>)) {
      indicators.push({ ...WHEN_SILENT, ...value, name: key, family: name } as Indicator);
    }
  }
  return { families, indicators };
}

/** Decimals of a measure, as the end of its name says: cost_fen 2, standard_fen10 12, points4 4, readmission_14 none. */
export function decimalsOf(measure: string): number {
  const fen = /_fen(\d*)$/.exec(measure);
  if (fen) return 2 + Number(fen[1] || 0);
  return Number(/[a-z](\d+)$/.exec(measure)?.[1] ?? 0);
}

/** The rows of `indicator_family`, `indicator_definition` and `indicator_scope`. */
export function definitionRows() {
  const { families, indicators } = loadIndicators();
  return {
    families: families.map(({ name, title }, index) => [index + 1, name, title.zh, title.en]),
    definitions: indicators.map((each, index) => [
      index + 1,
      each.name,
      each.family,
      each.title.zh,
      each.title.en,
      each.unit,
      each.decimals,
      each.numerator,
      decimalsOf(each.numerator),
      each.denominator ?? null,
      each.denominator === undefined ? 0 : decimalsOf(each.denominator),
      each.direction,
      String(each.monthly),
      String(each.compared),
      String(each.peers),
      each.formula.zh,
      each.formula.en,
      each.needs?.zh ?? null,
      each.needs?.en ?? null,
      each.evidence,
      each.source,
      each.rule,
    ]),
    scopes: indicators.flatMap(({ name, scopes }) => scopes.map((scope) => [name, scope])),
  };
}
