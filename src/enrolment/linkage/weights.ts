import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import {
  bilingualPart,
  knownParts,
  listParts,
  type Part,
  readYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import { enrolmentErrors } from '../errors.ts';

/** What two records are compared by, and the levels each comparison can reach, the best first. */
export const LEVELS = {
  name: ['same', 'one-character', 'part', 'differs'],
  brdy: ['same', 'one-digit', 'day-and-month-swapped', 'year', 'differs'],
  gend: ['same', 'differs'],
  addr: ['same', 'part', 'differs'],
  tel: ['same', 'differs'],
  certno: ['same', 'one-digit', 'part', 'two-digits', 'area-and-birth', 'differs'],
} as const;
export type LinkField = keyof typeof LEVELS;
export const LINK_FIELDS = Object.keys(LEVELS) as readonly LinkField[];

export const BLOCKS = ['name-and-year', 'birth-and-surname', 'phone', 'certificate-tail'] as const;
export type Block = (typeof BLOCKS)[number];

/** Chances in millionths; the weight is 100 · log2(m/u), whole. */
export type LevelWeight = { readonly m: number; readonly u: number; readonly weight100: number };
export type LinkWeights = {
  readonly reviewFrom100: number;
  readonly candidatesMax: number;
  readonly blocks: readonly Block[];
  readonly fields: Readonly<
    Record<LinkField, { readonly title: Text; readonly levels: Readonly<Record<string, LevelWeight>> }>
  >;
  readonly sha256: string;
};

const MILLION = 1_000_000;

/** Reads the weights of the linkage, `weights.yaml` unless another file is given. @throws YibaoError with every fault */
export function readWeights(path = join(import.meta.dirname, 'weights.yaml')): LinkWeights {
  const yaml = readYaml(path);
  const parts = yaml.problems.length > 0 ? {} : knownParts(yaml, yaml.root, WANTED, []);
  const blocks = parts.blocks === undefined ? [] : listParts(yaml, parts.blocks);
  const weights = {
    reviewFrom100: wholePart(yaml, parts.review_from100) ?? 0,
    candidatesMax: wholePart(yaml, parts.candidates_max) ?? 1,
    blocks: blocks.flatMap((part): Block[] => {
      const name = textPart(yaml, part);
      const block = BLOCKS.find((known) => known === name);
      if (block === undefined)
        wrong(yaml, part, name, `${BLOCKS.join('、')} 之一`, `one of ${BLOCKS.join(', ')}`);
      return block === undefined ? [] : [block];
    }),
    fields: (parts.fields ? readFields(yaml, parts.fields) : {}) as LinkWeights['fields'],
    sha256: yaml.problems.length > 0 ? '' : sha256(readFileSync(path)),
  };
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return weights;
}

const WANTED = ['review_from100', 'candidates_max', 'blocks', 'fields'] as const;

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

function readFields(yaml: YamlFile, part: Part): Record<string, unknown> {
  const fields = knownParts(yaml, part, LINK_FIELDS, []);
  return Object.fromEntries(
    LINK_FIELDS.map((field) => {
      const own = fields[field] ? knownParts(yaml, fields[field], ['title', 'levels'], []) : {};
      const levels = own.levels ? knownParts<string, never>(yaml, own.levels, LEVELS[field], []) : {};
      const read = LEVELS[field].map((level) => [level, readLevel(yaml, levels[level])] as const);
      for (const chance of ['m', 'u'] as const) {
        const sum = read.reduce((total, [, { [chance]: value }]) => total + value, 0);
        if (own.levels && yaml.problems.length === 0 && sum !== MILLION) {
          wrong(
            yaml,
            own.levels,
            String(sum),
            `${chance} 之和为 ${MILLION}`,
            `a sum of ${chance} of ${MILLION}`,
          );
        }
      }
      return [field, { title: bilingualPart(yaml, own.title), levels: Object.fromEntries(read) }];
    }),
  );
}

function readLevel(yaml: YamlFile, part: Part | undefined): LevelWeight {
  if (part === undefined) return { m: 1, u: 1, weight100: 0 };
  const parts = knownParts(yaml, part, ['m', 'u', 'weight100'], []);
  const chanceOf = (chance: Part | undefined) => {
    const value = wholePart(yaml, chance) ?? 1;
    if (chance && (value < 1 || value > MILLION)) {
      wrong(yaml, chance, String(value), `1 至 ${MILLION}`, `between 1 and ${MILLION}`);
    }
    return value;
  };
  const level = {
    m: chanceOf(parts.m),
    u: chanceOf(parts.u),
    weight100: wholePart(yaml, parts.weight100) ?? 0,
  };
  const right = Math.round(100 * Math.log2(level.m / level.u));
  if (parts.weight100 && level.m > 0 && level.u > 0 && right !== level.weight100) {
    wrong(
      yaml,
      parts.weight100,
      String(level.weight100),
      `100·log2(m/u)，即 ${right}`,
      `100 · log2(m/u), ${right}`,
    );
  }
  return level;
}

function wholePart(yaml: YamlFile, part: Part | undefined): number | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  if (/^-?\d{1,7}$/.test(text)) return Number(text);
  wrong(yaml, part, text, '整数', 'a whole number');
  return undefined;
}

function wrong(yaml: YamlFile, part: Part, value: string | undefined, zh: string, en: string): void {
  yaml.problems.push({
    definition: enrolmentErrors.wrongSetting,
    file: yaml.file,
    row: part.line,
    field: part.key,
    value,
    parameters: { expectedZh: zh, expectedEn: en },
  });
}
