import * as errors from '#benefits/errors.ts';
import type { BenefitPolicy } from '#benefits/policy.ts';
import { knownNames } from '#benefits/policy.ts';
import { parseYuan } from '#kernel/money.ts';
import { type Part, reportYaml, textPart, type YamlFile } from '#policy/index.ts';
import { DIMENSIONS, type Dimension, type DimensionDefinition } from '#policy/registry/benefit-dimensions.ts';
import { parseCell } from '#policy/table.ts';

/** Yuan as fen. Problems gather in the file. */
export function fenPart(yaml: YamlFile, part: Part | undefined, negative = false): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const fen = parseYuan(text);
  if (fen === undefined || (!negative && fen < 0n) || fen > 1_000_000_000_000n) {
    reportYaml(yaml, errors.WRONG_AMOUNT, part, { field: part.key, value: text });
    return undefined;
  }
  return Number(fen);
}

/** A ratio "0.1" or "10%" as × 10^6. */
export function ratioPart(yaml: YamlFile, part: Part | undefined): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const cell = parseCell({ kind: 'ratio', minimum: '0', maximum: '1' }, text);
  if (typeof cell !== 'string') return cell.number;
  reportNumber(
    yaml,
    part,
    text,
    '0 至 1 的比例，如 "0.1" 或 "10%"',
    'a ratio from 0 to 1, such as "0.1" or "10%"',
  );
  return undefined;
}

export function countPart(
  yaml: YamlFile,
  part: Part | undefined,
  most: number,
  least = 0,
): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text) && Number(text) <= most && Number(text) >= least) return Number(text);
  reportNumber(yaml, part, text, `${least} 至 ${most} 的整数`, `a whole number from ${least} to ${most}`);
  return undefined;
}

/** A decimal with at most `places` decimals as an integer × 10^places. */
export function scaledPart(yaml: YamlFile, part: Part | undefined, places: number): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const scaled = scaledOf(text, places);
  if (scaled === undefined) {
    reportNumber(yaml, part, text, `最多 ${places} 位小数的数`, `a number with at most ${places} decimals`);
  }
  return scaled;
}

export function scaledOf(text: string, places: number): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(text);
  const decimals = match?.[2] ?? '';
  if (!match || decimals.length > places) return undefined;
  return Number(match[1]) * 10 ** places + Number(decimals.padEnd(places, '0'));
}

function reportNumber(
  yaml: YamlFile,
  part: Part,
  value: string,
  expectedZh: string,
  expectedEn: string,
): void {
  const parameters = { expectedZh, expectedEn };
  reportYaml(yaml, errors.WRONG_NUMBER, part, { field: part.key, value, parameters });
}

export function dayPart(yaml: YamlFile, part: Part | undefined): string | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toString();
  } catch {
    // no such day, such as 2025-02-30
  }
  reportYaml(yaml, errors.WRONG_DAY, part, { field: part.key, value: text });
  return undefined;
}

export function booleanPart(yaml: YamlFile, part: Part | undefined): boolean | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  if (['yes', 'true', '1'].includes(text)) return true;
  if (['no', 'false', '0'].includes(text)) return false;
  reportYaml(yaml, errors.UNKNOWN_WORD, part, {
    field: part.key,
    value: text,
    parameters: { known: 'yes, no', knownZh: 'yes 是、no 否', declareZh: '', declareEn: '' },
  });
  return undefined;
}

/** A word of a dimension, the product's own or declared by the policy. */
export function wordPart(
  yaml: YamlFile,
  part: Part | undefined,
  dimension: Dimension,
  declared: BenefitPolicy['declared'],
): string | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const definition: DimensionDefinition = DIMENSIONS[dimension];
  if (definition.kind !== 'names') return text;
  if (Object.hasOwn(definition.names, text) || declared[dimension]?.includes(text)) return text;
  reportYaml(yaml, errors.UNKNOWN_WORD, part, {
    field: part.key,
    value: text,
    parameters: knownNames(dimension, declared),
  });
  return undefined;
}
