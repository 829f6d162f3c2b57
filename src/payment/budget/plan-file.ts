import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMES } from '#catalogue/area-tables.ts';
import { YibaoError } from '#kernel/errors.ts';
import { compare, fraction, ONE, parseDecimal } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { parseYuan } from '#kernel/money.ts';
import {
  choicePart,
  knownParts,
  listParts,
  type Part,
  readYaml,
  reportYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import {
  BUDGET_WAYS,
  type BudgetAdjustment,
  type BudgetPlan,
  type BudgetWay,
  FIGURES,
  FIGURES_OF,
  type Figure,
  type GrowthFactor,
} from './compute-budget.ts';
import { budgetErrors } from './errors.ts';

export const PLAN_FILE = 'budget_plan.yaml';

/** A YAML file of the area folder and the sha256 of its bytes; undefined when there is none. */
export function readAreaYaml(folder: string, name: string): { yaml: YamlFile; sha256: string } | undefined {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  const yaml = readYaml(path, name);
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return { yaml, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

/**
 * Reads `budget_plan.yaml` of an area folder. Everything wrong with it is reported together.
 * @throws YibaoError with file, line, key, value and remedy
 */
export function readBudgetPlans(
  folder: string,
): { plans: readonly BudgetPlan[]; sha256: string } | undefined {
  const file = readAreaYaml(folder, PLAN_FILE);
  if (!file) return undefined;
  const { yaml, sha256 } = file;
  const { plans: part } = knownParts(yaml, yaml.root, ['plans'], []);
  const plans = part ? listParts(yaml, part).flatMap((item) => readPlan(yaml, item) ?? []) : [];
  const seen = new Set<string>();
  for (const { year, scheme, line } of plans) {
    const key = `${year} ${scheme}`;
    if (seen.has(key)) {
      const place = { key: 'insutype', line, node: null };
      reportYaml(yaml, budgetErrors.repeated, place, { value: scheme, parameters: { year, scheme } });
    }
    seen.add(key);
  }
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return { plans, sha256 };
}

const FIGURE_NAMES = Object.keys(FIGURES) as readonly Figure[];

function readPlan(yaml: YamlFile, part: Part): BudgetPlan | undefined {
  const before = yaml.problems.length;
  const keys = knownParts(
    yaml,
    part,
    ['year', 'insutype', 'way'],
    [...FIGURE_NAMES, 'factors', 'adjustments'],
  );
  const year = yearPart(yaml, keys.year);
  const scheme = choicePart(yaml, keys.insutype, SCHEMES);
  const way = choicePart(yaml, keys.way, Object.keys(BUDGET_WAYS) as BudgetWay[]);
  const figures: Partial<Record<Figure, bigint>> = {};
  for (const name of FIGURE_NAMES) {
    const amount = keys[name] && amountPart(yaml, keys[name], false);
    if (amount !== undefined) figures[name] = amount;
  }
  const factors = keys.factors ? listParts(yaml, keys.factors).flatMap((item) => readFactor(yaml, item)) : [];
  const adjustments = keys.adjustments
    ? listParts(yaml, keys.adjustments).flatMap((item) => readAdjustment(yaml, item))
    : [];
  if (way !== undefined) {
    const { required, optional } = FIGURES_OF[way];
    const parameters = { way: BUDGET_WAYS[way].zh, wayEn: BUDGET_WAYS[way].en };
    for (const name of required) {
      const computed = name === 'inpatient' && keys.area_total !== undefined;
      if (!keys[name] && !computed) {
        reportYaml(yaml, budgetErrors.missing, part, { field: name, parameters });
      }
    }
    const isUsed = (name: string) => required.includes(name as Figure) || optional.includes(name as Figure);
    const fromTotal = ['outpatient', 'special_outpatient', 'risk_reserve'];
    for (const name of FIGURE_NAMES) {
      const key = keys[name];
      if (!key) continue;
      const clashes = name === 'inpatient' && keys.area_total !== undefined;
      const lost = fromTotal.includes(name) && keys.area_total === undefined;
      if (!isUsed(name) || clashes || lost) {
        reportYaml(yaml, budgetErrors.unused, key, { field: name, parameters });
      }
    }
    if (way === 'growth' && !keys.factors) {
      reportYaml(yaml, budgetErrors.missing, part, { field: 'factors', parameters });
    }
    if (way !== 'growth' && keys.factors) {
      reportYaml(yaml, budgetErrors.unused, keys.factors, { field: 'factors', parameters });
    }
    if (way === 'proportion' && figures.last_year_inpatient === 0n) {
      reportValue(yaml, keys.last_year_inpatient!, '0', { zh: '大于 0 的金额', en: 'an amount above 0' });
    }
  }
  if (yaml.problems.length > before || year === undefined || !scheme || !way) return undefined;
  return { year, scheme, way, figures, factors, adjustments, line: part.line };
}

function readFactor(yaml: YamlFile, part: Part): GrowthFactor[] {
  const keys = knownParts(yaml, part, ['factor', 'rate', 'source', 'proposed_by'], []);
  const [factor, text, source, proposedBy] = [keys.factor, keys.rate, keys.source, keys.proposed_by].map(
    (each) => textPart(yaml, each),
  );
  const rate = text === undefined ? undefined : parseDecimal(text);
  const isRate = rate && compare(rate, ONE) <= 0 && compare(rate, fraction(-1n)) >= 0;
  if (keys.rate && text !== undefined && !isRate) {
    reportValue(yaml, keys.rate, text, {
      zh: '-1 至 1 的小数，如 "0.035"',
      en: 'a decimal from -1 to 1, such as "0.035"',
    });
  }
  return factor && rate && text && source && proposedBy
    ? [{ factor, rate, rateText: text, source, proposedBy }]
    : [];
}

function readAdjustment(yaml: YamlFile, part: Part): BudgetAdjustment[] {
  const keys = knownParts(yaml, part, ['date', 'amount', 'reason'], []);
  const date = datePart(yaml, keys.date);
  const amountFen = keys.amount && amountPart(yaml, keys.amount, true);
  const reason = textPart(yaml, keys.reason);
  return date && amountFen !== undefined && reason ? [{ date, amountFen, reason }] : [];
}

export function reportValue(yaml: YamlFile, part: Part, value: string, expected: Text): void {
  const parameters = { expected: expected.zh, expectedEn: expected.en };
  reportYaml(yaml, budgetErrors.badValue, part, { field: part.key, value, parameters });
}

export function yearPart(yaml: YamlFile, part: Part | undefined): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  if (/^(19|20)\d\d$/.test(text)) return Number(text);
  reportValue(yaml, part, text, { zh: '四位年份，如 2025', en: 'a year of four digits, such as 2025' });
  return undefined;
}

/** An amount in yuan as fen. */
export function amountPart(yaml: YamlFile, part: Part | undefined, isSigned: boolean): bigint | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const amount = parseYuan(text);
  if (amount !== undefined && (isSigned || amount >= 0n)) return amount;
  reportValue(yaml, part, text, {
    zh: `${isSigned ? '' : '不小于 0、'}至多两位小数的金额（元），不带千分位`,
    en: `an amount in yuan${isSigned ? '' : ', not below 0'}, at most two decimals, no thousands separators`,
  });
  return undefined;
}

export function datePart(yaml: YamlFile, part: Part | undefined): string | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toString();
  } catch {
    // no such day
  }
  reportValue(yaml, part, text, { zh: '日期，如 2025-02-18', en: 'a date, such as 2025-02-18' });
  return undefined;
}
