import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Text } from '#kernel/locale.ts';
import { columnOf } from '../intake/columns.ts';

export type FieldType = 'text' | 'number' | 'amount' | 'date' | 'time' | 'duration';

type FieldDefinition = {
  /** Chinese name in the interface */
  readonly name: string;
  readonly type?: FieldType;
  /** the transaction that carries it, when only one does */
  readonly forms?: '4101' | '4101A';
};

const { nodes } = parse(readFileSync(new URL('fields.yaml', import.meta.url), 'utf8')) as {
  nodes: Record<string, { title: Text; fields: Record<string, FieldDefinition> }>;
};

/** The nodes of the national form in the order of the interface; `setlinfo` has one row a list, the others any number. */
export const NODES: readonly string[] = Object.keys(nodes);
export const ITEM_NODES: readonly string[] = NODES.filter((node) => node !== 'setlinfo');

export const fieldsOf = (node: string): readonly string[] => Object.keys(nodes[node]!.fields);
export const fieldType = (node: string, field: string): FieldType =>
  nodes[node]?.fields[field]?.type ?? 'text';
export const isField = (node: string, field: string): boolean => nodes[node]?.fields[field] !== undefined;

/** The fields of a node that a transaction carries. */
export const fieldsOfForm = (node: string, form: '4101' | '4101A'): readonly string[] =>
  fieldsOf(node).filter((field) => {
    const { forms } = nodes[node]!.fields[field]!;
    return forms === form || (forms === undefined && !BESIDE_THE_LIST.includes(field));
  });

/** Stand in the message around a list, not in its form. */
const BESIDE_THE_LIST = ['insutype', 'medfee_sumamt', 'fund_pay_sumamt'];

/**
 * What is computed from a list (columns of stay.sql) and can stand in a check like a field, as `stay.<column>`; `of` is the
 * field a finding names for it.
 */
export const DERIVED: Readonly<Record<string, Text & { readonly of: string }>> = {
  stay_days2: {
    zh: '按入出院日期计算的住院天数',
    en: 'days of stay by the two dates',
    of: 'setlinfo.dscg_time',
  },
  stay_minutes: {
    zh: '按入出院时间计算的住院时长（分钟）',
    en: 'minutes of stay by the two times',
    of: 'setlinfo.dscg_time',
  },
  age_at_admission2: {
    zh: '按出生日期计算的入院周岁',
    en: 'full years at admission by date of birth',
    of: 'setlinfo.age',
  },
  nursing_days2: {
    zh: '各级护理天数之和',
    en: 'days of nursing of all grades',
    of: 'setlinfo.lv1_nurscare_days',
  },
  vent_minutes: {
    zh: '呼吸机使用时长（分钟）',
    en: 'minutes on a ventilator',
    of: 'setlinfo.vent_used_dura',
  },
  total_fen: { zh: '医疗费总额', en: 'total fee', of: 'setlinfo.medfee_sumamt' },
  charge_fen: { zh: '收费项目金额之和', en: 'sum of the charge items', of: 'iteminfo.amt' },
  fund_fen: { zh: '基金支付金额之和', en: 'sum of the fund payments', of: 'payinfo.fund_payamt' },
  tcm_diagnosis: {
    zh: '中医诊断',
    en: 'a diagnosis of traditional Chinese medicine',
    of: 'setlinfo.tcm_dise_code',
  },
};

/** What people call a field: Chinese name, or the field code in English. */
export function fieldName(node: string, field: string): Text {
  if (node === 'stay') return DERIVED[field] ?? { zh: field, en: field };
  return { zh: nodes[node]?.fields[field]?.name ?? field, en: field };
}

const normalise = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s\uFEFF\u200B]/g, '')
    .toLowerCase();

const fieldByName = new Map(
  NODES.map((node) => [
    node,
    new Map(
      Object.entries(nodes[node]!.fields).flatMap(([field, { name }]) => [
        [normalise(field), field],
        [normalise(name), field],
      ]),
    ),
  ]),
);

/**
 * The field of a node that a header cell or JSON key stands for; undefined for one we do not read. `setl_id` is known
 * in every node: it names the list a row belongs to.
 */
export function fieldOf(node: string, name: string): string | undefined {
  const found = fieldByName.get(node)?.get(normalise(name));
  if (found !== undefined) return found;
  const shared = columnOf(name);
  if (shared === 'setl_id') return 'setl_id';
  return node === 'setlinfo' && shared !== undefined && isField(node, shared) ? shared : undefined;
}

/** Name of the column that holds the parsed value; undefined for text. */
export function parsedColumn(node: string, field: string): string | undefined {
  switch (fieldType(node, field)) {
    case 'number':
      return `${field}2`;
    case 'amount':
      return `${field}_fen`;
    case 'date':
    case 'time':
      return `${field}_at`;
    case 'duration':
      return `${field}_minutes`;
    default:
      return undefined;
  }
}

/** SQL of the parsed value from the text of the field; the macros stand in macros.sql and engine/macros/intake.sql. */
export function parsedExpression(node: string, field: string, text: string): string | undefined {
  switch (fieldType(node, field)) {
    case 'number':
      return `number_text_to_hundredths(${text})`;
    case 'amount':
      return `amount_text_to_fen(${text})`;
    case 'date':
    case 'time':
      return `written_timestamp(${text})`;
    case 'duration':
      return `duration_text_to_minutes(${text})`;
    default:
      return undefined;
  }
}
