import { caseOf } from '#grouping/drg/case-row.ts';
import { type ExplainedStep, explainSteps } from '#grouping/drg/explain-steps.ts';
import { openScheme } from '#grouping/drg/index.ts';
import { schemeOfPolicy } from '#grouping/drg-method/scheme-of-policy.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { ExplanationWriter, MakeGroupingPart } from './grouping-part.ts';

/** How a list came to its DRG; what `explain --json` says under `drg`. */
export type DrgExplanation = {
  readonly scheme: string;
  readonly scheme_sha256: string;
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  /** what else the scheme may read of the case, by field; absent where the list does not say */
  readonly facts: Readonly<Record<string, string>>;
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
  readonly name: string;
  readonly status: string;
  /** why the group has no score, where the spread of its costs is the reason: its coefficient of variation */
  readonly unstable_cv?: string | undefined;
  /** the steps that decided, and those that were entered without a result */
  readonly steps: readonly ExplainedStep[];
  readonly left: readonly ExplainedStep[];
};

const FACTS = [
  'sex',
  'age_years',
  'age_days',
  'birth_weight_g',
  'length_of_stay',
  'icu_hours',
  'disposition',
  'inpatient_type',
] as const;

/**
 * The steps of the scheme that decided about one list, by the plain interpreter; the compiled run must have said the same.
 * Reads `kept_list`, the list kept by `settleYear` for this.
 */
export const drgPart: MakeGroupingPart = async (engine, { policy, areaFolder }, row) => {
  const setlId = String(row.setl_id);
  const kept = await engine.row(
    'SELECT *, CAST(icu_minutes AS DOUBLE) / 60 AS icu_hours FROM kept_list WHERE setl_id = ?',
    [setlId],
  );
  const argument = schemeOfPolicy(policy, areaFolder);
  const { scheme } = openScheme(argument);
  const value = (field: string) => String(kept[field] ?? '');
  const of = caseOf((field) => value(field), value('diagnoses'), value('procedures'));
  const { outcome, steps, left } = explainSteps(scheme, of);
  const run = await engine.row(
    `SELECT d.group_code, d.kind FROM signature_drg AS d JOIN case_score AS c ON c.signature_no = d.signature_no
     WHERE c.setl_id = ?`,
    [setlId],
  );
  if (outcome.drg !== run.group_code) {
    throw new Error(`explanation of ${setlId} gives ${outcome.drg}, the run ${run.group_code}`);
  }
  const { sha256 } = await engine.row('SELECT sha256 FROM drg_scheme');
  const [unstable] = await engine.rows('SELECT cv4 FROM unstable_group WHERE kind = ? AND group_code = ?', [
    run.kind ?? '',
    outcome.drg,
  ]);
  const drg: DrgExplanation = {
    scheme: policy.text('grouping.scheme'),
    scheme_sha256: String(sha256),
    diagnoses: of.diagnoses,
    procedures: of.procedures,
    facts: Object.fromEntries(
      FACTS.filter((field) => value(field) !== '').map((field) => [field, value(field)]),
    ),
    mdc: outcome.mdc,
    adrg: outcome.adrg,
    drg: outcome.drg,
    name: scheme.groups.get(outcome.drg) ?? '',
    status: outcome.status,
    unstable_cv: unstable ? scaledText(unstable.cv4 as bigint, 4) : undefined,
    steps,
    left,
  };
  const kind = run.kind === null ? undefined : String(run.kind);
  return {
    groupCode: kind === undefined ? undefined : outcome.drg,
    kind: kind ?? 'ungrouped',
    groupYears: await engine.rows(
      'SELECT year, cases, cost_fen FROM drg_group_year WHERE group_code = ? AND kind = ? ORDER BY year',
      [outcome.drg, kind ?? ''],
    ),
    sources: {
      keys: [['drg-reference-profile', '§1']],
      group: [['drg-reference-profile', '§1']],
      score: [
        ['drg-reference-profile', '§2'],
        ['case-payment-measures-2025', '第十五条'],
      ],
      coefficient: [['drg-reference-profile', '§3']],
      points: [['drg-reference-profile', '§4']],
      month: [['drg-reference-profile', '§6']],
      year: [['drg-reference-profile', '§6']],
    },
    json: { drg },
    write: (writer) => write(drg, writer),
  };
};

function write(drg: DrgExplanation, { section, line, rule, cite }: ExplanationWriter): void {
  section('编码与病例信息', 'Codes and facts of the case');
  line(
    `诊断 ${drg.diagnoses.join('、')}；手术操作 ${drg.procedures.join('、') || '无'}`,
    `diagnoses ${drg.diagnoses.join(', ')}; procedures ${drg.procedures.join(', ') || 'none'}`,
  );
  const facts = Object.entries(drg.facts).map(([field, value]) => `${field} ${value}`);
  if (facts.length > 0) line(facts.join('，'), facts.join(', '));

  section('DRG 分组', 'DRG group');
  line(
    `分组方案 ${drg.scheme}（${drg.scheme_sha256.slice(0, 12)}…）`,
    `scheme ${drg.scheme} (${drg.scheme_sha256.slice(0, 12)}…)`,
  );
  for (const step of drg.left) {
    line(
      `· 第 ${step.seq} 步 ${step.level} ${step.code}：符合，但其中没有结果：${step.text}`,
      `· step ${step.seq} ${step.level} ${step.code}: holds, but nothing in it does: ${step.text}`,
    );
  }
  for (const step of drg.steps) {
    line(
      `· 第 ${step.seq} 步 ${step.level} ${step.code}：${step.text}`,
      `· step ${step.seq} ${step.level} ${step.code}: ${step.text}`,
    );
  }
  const status = {
    grouped: ['入组', 'grouped'],
    ambiguous: ['诊断与手术操作不符（QY）', 'procedures do not fit the diagnosis (QY)'],
    ungrouped: ['未入组', 'ungrouped'],
  }[drg.status] as [string, string];
  const path = [drg.mdc, drg.adrg, drg.drg].filter((code) => code !== '').join(' → ');
  line(
    `${path}${drg.name ? ` ${drg.name}` : ''}：${status[0]}`,
    `${path}${drg.name ? ` ${drg.name}` : ''}: ${status[1]}`,
  );
  if (drg.unstable_cv !== undefined) {
    line(
      `该组不计分：历史费用的 CV ${drg.unstable_cv} 超过 catalogue.maximum_cv，病例按未入组`,
      `the group has no score: the CV of its history costs, ${drg.unstable_cv}, is above catalogue.maximum_cv; the case counts as ungrouped`,
    );
  }
  rule(['drg-reference-profile', '§1']);
  cite(
    ...(drg.unstable_cv === undefined ? [] : ['catalogue.stability', 'catalogue.maximum_cv']),
    'grouping.scheme',
    ...(drg.status === 'ambiguous' ? ['grouping.ambiguous'] : []),
  );
}
