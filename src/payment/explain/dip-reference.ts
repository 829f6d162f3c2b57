import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import type { Engine } from '#engine/duckdb.ts';
import {
  type Assignment,
  assignGroup,
  type CandidateVerdict,
  type CaseKeys,
  type CoreGroup,
  caseKeys,
  type KeyPolicy,
} from '#grouping/dip/assign-group.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import type { Policy } from '#policy/index.ts';
import type { ExplanationWriter, MakeGroupingPart } from './grouping-part.ts';

/** Where the steps stand: the section of the reference profile, and the article of the document it follows. */
const SOURCES = {
  group: [
    ['reference-profile', '§2'],
    ['dip-specification-3.0-draft', '第三章'],
  ],
} as const;

const VERDICTS: Readonly<Record<CandidateVerdict, Text>> = {
  chosen: { zh: '✔ 入组', en: '✔ chosen' },
  'not-needed': { zh: '完整键已命中，不再比较', en: 'not compared: the full key is a group' },
  'no-procedures': {
    zh: '该病种没有手术操作，只能由完整键命中',
    en: 'has no procedure, so that only the full key can reach it',
  },
  'procedure-missing': { zh: '清单没有 {missing}', en: 'the list lacks {missing}' },
  'fewer-procedures': { zh: '命中的手术操作较少', en: 'fewer of the procedures match' },
  'lower-score': { zh: '手术操作数相同，分值较低', en: 'as many procedures, lower score' },
  'later-code': {
    zh: '手术操作数与分值相同，编码较大',
    en: 'as many procedures and the same score, later code',
  },
};

const STEPS: Readonly<Record<Assignment['step'], Text>> = {
  a: { zh: '(a) 完整键就是核心病种', en: '(a) the full key is a core group' },
  b: {
    zh: '(b) 完整键不是核心病种；取手术操作包含于本例的核心病种',
    en: '(b) the full key is not core; of the core groups whose procedures this case has',
  },
  c: { zh: '(c) 没有合适的核心病种；进入综合病种', en: '(c) no core group fits; the comprehensive group' },
  d: {
    zh: '(d) 核心与综合病种都没有；未入组',
    en: '(d) neither a core nor a comprehensive group: ungrouped',
  },
};

/** Keys and core or comprehensive group of one list: the one-case rules of the reference profile. */
export const dipReferencePart: MakeGroupingPart = async (engine, { policy, tables }, row) => {
  const attributes = tables.procedures as ReadonlyMap<string, ProcedureAttribute>;
  const keys = caseKeys(String(row.diagnosis), String(row.procedures), attributes, keyPolicy(policy));
  const assignment = assignGroup(
    keys,
    await coreGroupsOf(engine, keys.coreDiagnosis),
    await comprehensiveGroups(engine, keys),
  );
  const groupYears = assignment.groupCode
    ? await engine.rows(`SELECT * FROM ${assignment.kind}_group_year WHERE group_code = ? ORDER BY year`, [
        assignment.groupCode,
      ])
    : [];
  return {
    groupCode: assignment.groupCode,
    kind: assignment.kind,
    groupYears,
    json: {
      keys,
      assignment: {
        ...assignment,
        candidates: assignment.candidates.map((candidate) => ({
          group_code: candidate.groupCode,
          procedures: candidate.procedures,
          score: scaledText(candidate.score4, 4),
          verdict: candidate.verdict,
          missing: candidate.missing,
        })),
      },
    },
    write: (writer) => write(keys, assignment, writer),
  };
};

function write(
  keys: CaseKeys,
  assignment: Assignment,
  { language, section, line, rule, cite }: ExplanationWriter,
): void {
  const zh = language === 'zh';
  section('入组键', 'Keys');
  line(
    `有效手术操作：${keys.eligibleProcedures.join('、') || '无'}${keys.principalProcedure ? `；主要手术操作 ${keys.principalProcedure}` : ''}`,
    `eligible procedures: ${keys.eligibleProcedures.join(', ') || 'none'}${keys.principalProcedure ? `; principal procedure ${keys.principalProcedure}` : ''}`,
  );
  if (keys.minorProcedures.length > 0) {
    line(
      `不计入（minor）：${keys.minorProcedures.join('、')}`,
      `not counted (minor): ${keys.minorProcedures.join(', ')}`,
    );
  }
  if (keys.unknownProcedures.length > 0) {
    line(
      `procedures.csv 中没有，不计入：${keys.unknownProcedures.join('、')}`,
      `absent from procedures.csv, not counted: ${keys.unknownProcedures.join(', ')}`,
    );
  }
  line(
    `完整键 ${keys.fullKey}；综合键 ${keys.comprehensiveKey}`,
    `full key ${keys.fullKey}; comprehensive key ${keys.comprehensiveKey}`,
  );
  cite(
    'grouping.core_diagnosis_length',
    'grouping.comprehensive_diagnosis_length',
    `comprehensive.class.${keys.principalAttribute}`,
  );

  section('入组', 'Group');
  const many = assignment.candidates.length;
  line(
    many > 0
      ? `诊断 ${keys.coreDiagnosis} 的核心病种 ${many} 个：`
      : `诊断 ${keys.coreDiagnosis} 没有核心病种`,
    many > 0
      ? `core groups of diagnosis ${keys.coreDiagnosis}: ${many}`
      : `no core group has diagnosis ${keys.coreDiagnosis}`,
  );
  for (const candidate of assignment.candidates) {
    const verdict = VERDICTS[candidate.verdict][language].replace(
      '{missing}',
      candidate.missing.join(zh ? '、' : ', '),
    );
    const score = scaledText(candidate.score4, 4);
    line(
      `· ${candidate.groupCode}（分值 ${score}）：${verdict}`,
      `· ${candidate.groupCode} (score ${score}): ${verdict}`,
    );
  }
  const step = STEPS[assignment.step][language];
  line(
    assignment.groupCode ? `${step}：${assignment.groupCode}` : step,
    assignment.groupCode ? `${step}: ${assignment.groupCode}` : step,
  );
  rule(...SOURCES.group);
  cite('catalogue.core_threshold');
}

export function keyPolicy(policy: Policy): KeyPolicy {
  const classOf = (name: keyof KeyPolicy['comprehensiveClass']) =>
    policy.integer(`comprehensive.class.${name}`).toString();
  return {
    coreDiagnosisLength: Number(policy.integer('grouping.core_diagnosis_length')),
    comprehensiveDiagnosisLength: Number(policy.integer('grouping.comprehensive_diagnosis_length')),
    comprehensiveClass: {
      surgery: classOf('surgery'),
      intervention: classOf('intervention'),
      therapeutic: classOf('therapeutic'),
      diagnostic: classOf('diagnostic'),
      none: classOf('none'),
    },
  };
}

async function coreGroupsOf(engine: Engine, coreDiagnosis: string): Promise<CoreGroup[]> {
  const rows = await engine.rows(
    `SELECT c.group_code, c.eligible_procedures, coalesce(u.score4, s.score4) AS score4
     FROM core_group AS c JOIN group_score AS s ON s.group_code = c.group_code AND s.kind = 'core'
     LEFT JOIN unadjusted_score AS u ON u.group_code = s.group_code AND u.kind = s.kind
     WHERE c.core_diagnosis = ? ORDER BY c.group_code`,
    [coreDiagnosis],
  );
  return rows.map((row) => ({
    groupCode: String(row.group_code),
    procedures: row.eligible_procedures === null ? [] : String(row.eligible_procedures).split('+'),
    score4: row.score4 as bigint,
  }));
}

async function comprehensiveGroups(engine: Engine, keys: CaseKeys): Promise<Set<string>> {
  const rows = await engine.rows(
    `SELECT group_code FROM group_score WHERE kind = 'comprehensive' AND group_code = ?`,
    [keys.comprehensiveKey],
  );
  return new Set(rows.map((row) => String(row.group_code)));
}
