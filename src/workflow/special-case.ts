import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_TABLE_FILES } from '#catalogue/case-tables.ts';
import { csvRecords } from '#catalogue/table-file.ts';
import type { Engine } from '#engine/duckdb.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import { scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import {
  countVotes,
  overQuota,
  type QuotaLine,
  quotaCounts,
  quotaLines,
  type ReviewRules,
  reviewRules,
  type Vote,
  type VoteResult,
} from '#payment/review/index.ts';
import { resolveAreaPolicy } from '#policy/index.ts';
import { runInputs } from './run-folder.ts';

/** What one expert says of a case; `amount` in yuan. */
export type Opinion = {
  readonly login: string;
  readonly vote: Vote['vote'];
  readonly grant?: Vote['grant'] | undefined;
  readonly amount?: string | undefined;
  readonly points?: string | undefined;
  readonly reason: string;
  readonly at: string;
};

/** What is decided, as special_cases.csv states it. */
export type SpecialCaseDecision = {
  readonly decision: 'rejected' | 'cost' | 'amount' | 'points';
  readonly amount: string;
  readonly points: string;
  readonly votesFor: number;
  readonly votesAgainst: number;
  readonly abstained: number;
};

export const specialCaseErrors = {
  evenPanel: {
    code: 'special-case.even-panel',
    exit: 3,
    message: {
      zh: '指派了 {count} 位专家；须为单数，不少于 {minimum} 位',
      en: '{count} experts are assigned: the number must be odd, at least {minimum}',
    },
    remedy: { zh: '增减一位专家', en: 'add or leave out an expert' },
  },
  notAnExpert: {
    code: 'special-case.not-an-expert',
    exit: 3,
    message: { zh: '{value} 不是在任的评审专家', en: '{value} is not an expert in service' },
    remedy: { zh: '从专家名单中选', en: 'choose from the list of experts' },
  },
  ownInstitution: {
    code: 'special-case.own-institution',
    exit: 4,
    message: {
      zh: '专家 {value} 在申请机构工作，须回避',
      en: 'expert {value} works at the institution that applies',
    },
    remedy: { zh: '换一位专家', en: 'choose another expert' },
  },
  firstPanel: {
    code: 'special-case.first-panel',
    exit: 4,
    message: {
      zh: '专家 {value} 是第一个专家组的成员，争议须由另外的专家评审',
      en: 'expert {value} sat on the first panel: an appeal is judged by others',
    },
    remedy: { zh: '换一位专家', en: 'choose another expert' },
  },
  appealTooLate: {
    code: 'special-case.appeal-too-late',
    exit: 4,
    message: {
      zh: '结果于 {published} 公开，争议应在 {days} 天内提出（review.appeal_days）',
      en: 'the decision was published on {published}; an appeal comes within {days} days (review.appeal_days)',
    },
    remedy: { zh: '期限已过，按原决定执行', en: 'the time has passed: the decision stands' },
  },
  notAssigned: {
    code: 'special-case.not-assigned',
    exit: 4,
    message: { zh: '该例没有指派给您评审，或已作出决定', en: 'the case is not with you for review' },
    remedy: { zh: '从“特病单议”中打开指派给您的病例', en: 'open a case that is assigned to you' },
  },
  opinionIncomplete: {
    code: 'special-case.opinion-incomplete',
    exit: 3,
    message: {
      zh: '同意时须写明支付方式；按金额须有金额，按分值须有分值',
      en: 'a vote to pass says how to pay: by cost, by an amount (given) or by points (given)',
    },
    remedy: { zh: '补全', en: 'complete it' },
  },
  undecided: {
    code: 'special-case.undecided',
    exit: 4,
    message: {
      zh: '意见尚不能作出决定（{basis}）：同意 {for}、不同意 {against}',
      en: 'the opinions do not decide yet ({basis}): {for} for, {against} against',
    },
    remedy: { zh: '等专家补充或重新评审', en: 'wait for the experts, or let them review again' },
  },
} satisfies Record<string, ErrorDefinition>;

/** The rules of the review under which a run was settled. @throws YibaoError when its policy has none */
export function reviewRulesOf(dataFolder: string, runId: number, year: number): ReviewRules {
  return reviewRules(resolveAreaPolicy(runInputs(dataFolder, runId), { year }).policy);
}

/** The quota and what a run has used of it. */
export async function quotaOf(engine: Engine, rules: ReviewRules): Promise<readonly QuotaLine[]> {
  return quotaLines(rules.quota, await quotaCounts(engine));
}

/**
 * @param firstPanel logins that judged the case before: an appeal goes to others
 * @throws YibaoError special-case.even-panel, .not-an-expert, .own-institution, .first-panel
 */
export function checkPanelOf(
  panel: readonly string[],
  experts: ReadonlyMap<string, string | null>,
  institutionCode: string | null,
  rules: ReviewRules,
  firstPanel: readonly string[] = [],
): void {
  const problems: Problem[] = [];
  const { minimum } = rules.panel;
  if (panel.length % 2 === 0 || panel.length < minimum || new Set(panel).size < panel.length) {
    problems.push({
      definition: specialCaseErrors.evenPanel,
      field: 'experts',
      parameters: { count: new Set(panel).size, minimum },
    });
  }
  for (const login of panel) {
    const place = { field: 'experts', value: login };
    if (!experts.has(login)) problems.push({ definition: specialCaseErrors.notAnExpert, ...place });
    else if (institutionCode !== null && experts.get(login) === institutionCode) {
      problems.push({ definition: specialCaseErrors.ownInstitution, ...place });
    } else if (firstPanel.includes(login)) {
      problems.push({ definition: specialCaseErrors.firstPanel, ...place });
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
}

/**
 * The time to appeal begins on the day the institution learns of the decision.
 * @throws YibaoError special-case.appeal-too-late
 */
export function checkAppealDay(
  published: Temporal.PlainDate,
  today: Temporal.PlainDate,
  { appealDays }: ReviewRules,
): void {
  if (today.since(published, { largestUnit: 'day' }).days <= appealDays) return;
  throw new YibaoError({
    definition: specialCaseErrors.appealTooLate,
    parameters: { published: published.toString(), days: appealDays },
  });
}

/** @throws YibaoError special-case.opinion-incomplete */
export function voteOf(opinion: Omit<Opinion, 'at'>): Vote {
  const { login, vote, grant, amount, points } = opinion;
  const without = { grant: undefined, amountFen: undefined, points4: undefined };
  if (vote !== 'pass') return { expertCode: login, vote, ...without };
  const amountFen = grant === 'amount' && amount !== undefined ? parseYuan(amount) : undefined;
  const points4 = grant === 'points' && points !== undefined ? scaled4(points) : undefined;
  const isWhole = grant === 'cost' || (grant === 'amount' && amountFen) || (grant === 'points' && points4);
  if (!isWhole) throw new YibaoError({ definition: specialCaseErrors.opinionIncomplete, field: 'grant' });
  return { expertCode: login, vote, grant, amountFen, points4 };
}

function scaled4(text: string): bigint {
  const [whole = '', rest = ''] = text.split('.');
  return BigInt(whole + rest.padEnd(4, '0'));
}

/**
 * What the opinions decide, within the quota.
 * @param lines the quota with all that is granted already
 * @throws YibaoError special-case.undecided, and when one more would be above the quota
 */
export function decisionOf(
  panel: readonly string[],
  opinions: readonly Opinion[],
  institutionCode: string | null,
  rules: ReviewRules,
  lines: readonly QuotaLine[],
): SpecialCaseDecision {
  const result: VoteResult = countVotes(panel.length, opinions.map(voteOf), rules.votes);
  const { outcome, basis, votesFor, votesAgainst, abstained } = result;
  if (outcome === 'undecided') {
    throw new YibaoError({
      definition: specialCaseErrors.undecided,
      parameters: { basis, for: votesFor, against: votesAgainst },
    });
  }
  const line = lines.find(
    ({ fixmedinsCode }) => fixmedinsCode === undefined || fixmedinsCode === institutionCode,
  );
  if (outcome !== 'rejected' && line && line.passed >= line.quota) {
    throw new YibaoError(overQuota(undefined, { ...line, passed: line.passed + 1n }));
  }
  return {
    decision: outcome,
    amount: result.amountFen === undefined ? '' : yuanText(result.amountFen),
    points: result.points4 === undefined ? '' : scaledText(result.points4, 4),
    votesFor,
    votesAgainst,
    abstained,
  };
}

const COLUMNS = ['setl_id', 'decision', 'amount', 'points', 'reason'] as const;

/** A row of special_cases.csv. */
export type PublishedDecision = { readonly setlId: string; readonly reason: string } & Pick<
  SpecialCaseDecision,
  'decision' | 'amount' | 'points'
>;

/** Writes a published decision into the area's special_cases.csv, for the next settlement; the file is replaced. */
export function publishDecision(dataFolder: string, areaId: string, row: PublishedDecision): void {
  const file = join(dataFolder, 'areas', areaId, CASE_TABLE_FILES.special_case);
  const rows = existsSync(file) ? recordsOf(readFileSync(file, 'utf8')) : [];
  const [head = [], ...before] = rows;
  const kept = before.map((cells) => COLUMNS.map((column) => cells[head.indexOf(column)] ?? ''));
  const own = [row.setlId, row.decision, row.amount, row.points, row.reason];
  const lines = [...kept.filter(([setlId]) => setlId !== row.setlId), own].toSorted((a, b) =>
    a[0]! < b[0]! ? -1 : 1,
  );
  const text = [COLUMNS, ...lines].map((cells) => cells.map(quoted).join(',')).join('\n');
  writeFileSync(`${file}.partial`, `${text}\n`);
  renameSync(`${file}.partial`, file);
}

function recordsOf(text: string): readonly (readonly string[])[] {
  const records = csvRecords(text.replace(/^\uFEFF/, ''));
  if (!Array.isArray(records)) throw new TypeError(`${CASE_TABLE_FILES.special_case} cannot be read`);
  return records.map(({ cells }) => cells);
}

const quoted = (cell: string): string =>
  /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell.replaceAll(/[\r\n]+/g, ' ');
