import { readAreaTables } from '#catalogue/area-tables.ts';
import { LIST_COLUMNS } from '#claims/intake/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import {
  areaCatalogue,
  CatalogueIndex,
  type DipCase,
  type Grouping,
  groupCase,
  groupingProfile,
} from '#grouping/dip/index.ts';
import { caseOf } from '#grouping/drg/case-row.ts';
import { openScheme, UNGROUPED } from '#grouping/drg/index.ts';
import { complications, interpretCase } from '#grouping/drg/interpret.ts';
import { schemeOfPolicy } from '#grouping/drg-method/scheme-of-policy.ts';
import { scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { type Policy, resolveAreaPolicy } from '#policy/index.ts';
import { areaGrouping } from './preview-list.ts';

/** How one list is grouped, before any settlement of it. Scores are decimal text. */
export type ListGroup = {
  readonly method: 'dip' | 'drg';
  readonly isGrouped: boolean;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly kindName: string;
  readonly diagnosis: string;
  readonly procedures: string;
  readonly auxiliary: string;
  readonly score: string;
  readonly points: string;
  readonly adrg?: string;
  readonly mdc?: string;
  /** under DRG: the other diagnoses that count as complications, such as `MCC J96.000、CC E11.900` */
  readonly complications?: string;
  readonly scheme: string;
  /** why it was not grouped; '' when it was */
  readonly reason: string;
};

const KIND_NAMES: Readonly<Record<string, string>> = {
  core: '核心病种',
  comprehensive: '综合病种',
  'primary-care': '基层病种',
  tcm: '中医优势病种',
  'day-surgery': '日间手术病种',
  blank: '空白病种',
  ungrouped: '未入组',
};

const REASONS: Readonly<Record<NonNullable<Grouping['reason']>, string>> = {
  'diagnosis-excluded': '主要诊断不在病种范围内',
  'no-diagnosis': '没有主要诊断',
  'class-unknown': '手术操作的治疗方式未知',
  'no-group': '目录中没有相符的病种',
};

type Values = readonly (string | null)[];

/**
 * Groups single lists as the area groups them: under DIP with the catalogue of its latest settled year (`kept`, the tables of
 * that run), or with the catalogue file it names; under DRG with its scheme. The list is given by its fifteen columns.
 * @throws YibaoError when the area folder or its policy cannot be used
 */
export async function openListGrouper(
  areaFolder: string,
  year: number,
  kept: Engine | undefined,
): Promise<(values: Values) => ListGroup> {
  const { policy } = resolveAreaPolicy(areaFolder, { year });
  const method = policy.choice('grouping.method');
  if (method === 'drg') return drgGrouper(policy, areaFolder);
  if (method !== 'dip-catalogue' && kept === undefined) return () => NOT_SETTLED;
  const { catalogue, profile } =
    method === 'dip-catalogue'
      ? { catalogue: await areaCatalogue(areaFolder, policy), profile: groupingProfile(policy) }
      : await areaGrouping(kept!, { policy, tables: readAreaTables(areaFolder) }, areaFolder);
  const index = new CatalogueIndex(catalogue);
  const scheme = method === 'dip-catalogue' ? policy.text('grouping.catalogue') : `${year}`;
  return (values) => dipGroup(groupCase(dipCaseOf(values), index, profile), values, scheme);
}

const NONE = { kind: '', kindName: '', auxiliary: '', score: '', points: '' } as const;

const NOT_SETTLED: ListGroup = {
  ...NONE,
  method: 'dip',
  isGrouped: false,
  code: '',
  name: '',
  diagnosis: '',
  procedures: '',
  scheme: '',
  reason: '本地区尚无已结算的年度，没有可用的病种目录',
};

const column = (values: Values, name: string): string => values[LIST_COLUMNS.indexOf(name)] ?? '';
const codes = (text: string): string[] =>
  text
    .split('|')
    .map((code) => code.trim())
    .filter((code) => code !== '');
const number = (text: string): number | undefined => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

/** Whole days between admission and discharge; undefined where either is not a date. */
function lengthOfStay(values: Values): number | undefined {
  try {
    const day = (name: string) => Temporal.PlainDate.from(column(values, name).slice(0, 10));
    return day('adm_time').until(day('dscg_time'), { largestUnit: 'day' }).days;
  } catch {
    return undefined;
  }
}

function dipCaseOf(values: Values): DipCase {
  const [principalDiagnosis = '', ...otherDiagnoses] = column(values, 'diagnoses').split('|');
  return {
    principalDiagnosis: principalDiagnosis.trim(),
    otherDiagnoses: otherDiagnoses.map((code) => code.trim()).filter((code) => code !== ''),
    procedures: codes(column(values, 'procedures')),
    sex: column(values, 'gend') || undefined,
    age_years: number(column(values, 'age')),
    age_days: number(column(values, 'nwb_age')),
    birth_weight_g: number(column(values, 'nwb_adm_wt')),
    length_of_stay: lengthOfStay(values),
    costFen: parseYuan(column(values, 'medfee_sumamt')),
  };
}

function dipGroup(grouping: Grouping, values: Values, scheme: string): ListGroup {
  const { entry, groupCode, kind, reason } = grouping;
  return {
    ...NONE,
    method: 'dip',
    isGrouped: grouping.status === 'grouped',
    code: groupCode ?? '',
    name: entry?.name ?? '',
    kind,
    kindName: KIND_NAMES[kind] ?? '',
    diagnosis: column(values, 'diagnoses').split('|')[0]!.trim(),
    procedures: grouping.operations.join('+'),
    score: entry === undefined ? '' : scaledText(entry.score4, 4),
    scheme,
    reason: reason === undefined ? '' : REASONS[reason],
  };
}

function drgGrouper(policy: Policy, areaFolder: string): (values: Values) => ListGroup {
  const { scheme } = openScheme(schemeOfPolicy(policy, areaFolder));
  const fields: Readonly<Record<string, string>> = {
    sex: 'gend',
    age_years: 'age',
    age_days: 'nwb_age',
    birth_weight_g: 'nwb_adm_wt',
    disposition: 'dscg_way',
  };
  return (values) => {
    const value = (field: string): string =>
      field === 'length_of_stay'
        ? String(lengthOfStay(values) ?? '')
        : fields[field] === undefined
          ? ''
          : column(values, fields[field]);
    const diagnoses = column(values, 'diagnoses');
    const of = caseOf(value, diagnoses, column(values, 'procedures'));
    const outcome = of.diagnoses.length === 0 ? UNGROUPED : interpretCase(scheme, of).outcome;
    const isGrouped = outcome.status === 'grouped';
    return {
      ...NONE,
      method: 'drg',
      isGrouped,
      code: outcome.drg,
      name: scheme.groups.get(outcome.drg) ?? '',
      diagnosis: diagnoses.split('|')[0]!.trim(),
      procedures: codes(column(values, 'procedures')).join('+'),
      adrg: outcome.adrg,
      mdc: outcome.mdc,
      complications: (['mcc', 'cc'] as const)
        .flatMap((severity) =>
          complications(scheme, severity, of).map((code) => `${severity.toUpperCase()} ${code}`),
        )
        .join('、'),
      scheme: policy.text('grouping.scheme'),
      reason: isGrouped ? '' : outcome.status === 'ambiguous' ? '歧义病组' : '未能入组',
    };
  };
}
