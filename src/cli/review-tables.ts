import type { ResultColumn, ResultTable } from '#cli/result-table.ts';
import { fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Language, Text } from '#kernel/locale.ts';
import {
  type Decision,
  type Drawing,
  type HeardApplication,
  type PanelCheck,
  type Period,
  type PublicationOfScheme,
  type QuotaLine,
  type ReviewTables,
  type ReviewYear,
  spanText,
} from '#payment/review/index.ts';

const column = (name: string, kind: ResultColumn['kind'], zh: string, en: string): ResultColumn => ({
  name,
  kind,
  title: { zh, en },
});
const SETL_ID = column('setl_id', 'text', '结算ID', 'setl_id');
const INSTITUTION = column('fixmedins_code', 'text', '机构', 'institution');
const SCHEME = column('insutype', 'text', '险种', 'scheme');
const joined = (codes: readonly string[]): string => codes.join('|');
const ratio4 = (value: Parameters<typeof roundTo>[0] | undefined) =>
  value === undefined ? null : roundTo(value, 4);

export const quotaTable = (lines: readonly QuotaLine[]): ResultTable => ({
  name: 'quota',
  title: { zh: '特例单议上限', en: 'Quota of special cases' },
  columns: [
    column('fixmedins_code', 'text', '机构（空为全地区）', 'institution, empty: the area'),
    column('level', 'count', '级别', 'level'),
    column('discharges', 'count', '出院例数', 'discharges'),
    column('share', 'scaled4', '比例', 'share'),
    column('quota', 'count', '上限', 'quota'),
    column('passed', 'count', '已通过', 'passed'),
    column('left', 'count', '余', 'left'),
  ],
  rows: lines.map((line) => [
    line.fixmedinsCode ?? null,
    line.level ?? null,
    line.discharges,
    roundTo(line.share, 4),
    line.quota,
    line.passed,
    line.quota - line.passed,
  ]),
});

/** Words for the codes of grounds, shortcomings, bases and refusals. */
const WORDS: Readonly<Record<string, Text>> = {
  'no-ground': { zh: '没有可申请的情形', en: 'no ground of the policy holds' },
  'unknown-reason': { zh: '理由不在政策所列之内', en: 'a reason the policy does not list' },
  'cost-not-high': {
    zh: '费用未超过支付标准的规定倍数',
    en: 'the cost is not above the multiple of the standard',
  },
  'stay-too-short': { zh: '住院天数不足', en: 'the stay is too short' },
  'too-little-evidence': { zh: '证据文件不足', en: 'too few evidence files' },
  'evidence-missing': { zh: '所写证据文件不存在', en: 'an evidence file is not there' },
  'before-discharge': { zh: '申请早于出院', en: 'applied for before discharge' },
  'too-late': { zh: '超过期限', en: 'too late' },
  'not-eligible': { zh: '不符合条件', en: 'not eligible' },
  'has-panel': { zh: '已有专家组', en: 'has a panel' },
  'not-yet': { zh: '抽取日尚未申请', en: 'not applied for by the day of the drawing' },
  'first-not-decided': { zh: '第一次评审未决', en: 'the first panel has not decided' },
  'before-decision': { zh: '争议早于评审', en: 'appealed before the decision' },
  'no-expert-of-specialty': { zh: '没有该专业可用的专家', en: 'no expert of a specialty' },
  'too-few-experts': { zh: '可用的专家不足', en: 'too few experts' },
  'not-active': { zh: '不在任', en: 'not active' },
  'other-specialty': { zh: '专业不符', en: 'other specialty' },
  'own-institution': { zh: '本机构', en: 'own institution' },
  'declared-conflict': { zh: '已申报利害关系', en: 'declared a conflict' },
  'first-panel': { zh: '在第一个专家组', en: 'on the first panel' },
  'same-applicant': { zh: '近期评审过同一机构', en: 'reviewed the institution lately' },
  same: { zh: '一致', en: 'as drawn' },
  differs: { zh: '不一致', en: 'differs' },
  'no-lawful-panel': { zh: '重抽不出合法的专家组', en: 'no lawful panel can be drawn' },
  'application-changed': {
    zh: '申请的机构或专业已改',
    en: 'institution or specialties of the application changed',
  },
  majority: { zh: '多数赞成', en: 'majority' },
  'no-majority': { zh: '未过半数', en: 'no majority' },
  'no-quorum': { zh: '有效票不足', en: 'too few votes' },
  'grants-tied': { zh: '付费方式票数相同', en: 'tied on how to pay' },
  'amounts-differ': { zh: '所填数额不一致', en: 'amounts differ' },
  'no-panel': { zh: '没有专家组', en: 'no panel' },
  'panel-not-as-drawn': { zh: '专家组与重抽不符', en: 'the panel is not as drawn' },
  'conflict-since-drawn': { zh: '成员在抽取后申报了利害关系', en: 'a member has declared a conflict since' },
  quota: { zh: '超过上限', en: 'over the quota' },
};
const words = (codes: readonly string[], language: Language): string =>
  codes.map((code) => WORDS[code]?.[language] ?? code).join(language === 'zh' ? '；' : '; ');

export const applicationTable = (
  applications: readonly HeardApplication[],
  language: Language,
): ResultTable => ({
  name: 'applications',
  title: { zh: '特例单议申请', en: 'Applications' },
  columns: [
    SETL_ID,
    INSTITUTION,
    SCHEME,
    column('applied_at', 'text', '申请日期', 'applied'),
    column('reasons', 'text', '理由', 'reasons'),
    column('cost', 'yuan', '费用', 'cost'),
    column('standard', 'yuan', '支付标准', 'standard'),
    column('ratio', 'scaled4', '倍数', 'ratio'),
    column('length_of_stay', 'count', '天数', 'days'),
    column('grounds', 'text', '情形', 'grounds'),
    column('eligible', 'text', '符合', 'eligible'),
    column('shortcomings', 'text', '欠缺', 'shortcomings'),
    column('explanation', 'note', '说明', 'explanation'),
  ],
  rows: applications.map(({ application, of, eligibility }) => [
    of.setlId,
    of.fixmedinsCode,
    of.scheme,
    application.appliedAt.toString(),
    joined(application.reasons),
    of.costFen,
    of.standardFen ?? null,
    ratio4(eligibility.ratio),
    of.lengthOfStay,
    joined(eligibility.grounds),
    eligibility.eligible ? 'yes' : 'no',
    joined(eligibility.shortcomings),
    words(eligibility.shortcomings, language),
  ]),
});

export const evidenceTable = (applications: readonly HeardApplication[]): ResultTable => ({
  name: 'evidence',
  title: { zh: '证据文件', en: 'Evidence files' },
  columns: [
    SETL_ID,
    column('file', 'text', '文件', 'file'),
    column('sha256', 'text', 'SHA-256（空为不存在）', 'SHA-256, empty: not there'),
  ],
  rows: applications.flatMap(({ of, evidence }) =>
    evidence.map(({ file, sha256 }) => [of.setlId, file, sha256 ?? null]),
  ),
});

/** The panels on file and those drawn: what takes the place of special_case_panels.csv in the area folder. */
export function panelTable(tables: ReviewTables, { drawn, request }: Drawing): ResultTable {
  const names = new Map(tables.experts.map((expert) => [expert.code, expert]));
  const held = (code: string, specialties: readonly string[]) =>
    joined(specialties.filter((each) => names.get(code)!.specialties.includes(each)));
  const old = [...tables.panels.values()].flatMap((panel) =>
    panel.members.map((code, place) => ({
      key: `${panel.drawnOn} ${panel.kind} ${panel.setlId}`,
      place,
      row: [
        panel.setlId,
        panel.fixmedinsCode,
        panel.kind,
        panel.drawnOn.toString(),
        panel.seed,
        joined(panel.specialties),
        code,
        held(code, panel.specialties),
        panel.poolSha256,
      ],
    })),
  );
  const fresh = drawn.flatMap(({ question, panel }) =>
    panel.members.map(({ expertCode }, place) => ({
      key: `${request.drawnOn} ${request.kind} ${question.setlId}`,
      place,
      row: [
        question.setlId,
        question.fixmedinsCode,
        request.kind,
        request.drawnOn.toString(),
        request.seed,
        joined(question.specialties),
        expertCode,
        held(expertCode, question.specialties),
        panel.poolSha256,
      ],
    })),
  );
  return {
    name: 'special_case_panels',
    title: { zh: '专家组', en: 'Panels' },
    columns: [
      SETL_ID,
      column('fixmedins_code', 'text', '申请机构', 'applicant'),
      column('kind', 'text', '次', 'kind'),
      column('drawn_on', 'text', '抽取日期', 'drawn on'),
      column('seed', 'text', '种子', 'seed'),
      column('specialties', 'text', '所需专业', 'specialties'),
      column('expert_code', 'text', '专家', 'expert'),
      column('member_specialties', 'text', '专家的专业', 'specialties of the expert'),
      column('pool_sha256', 'text', '候选哈希', 'hash of the pool'),
    ],
    rows: [...old, ...fresh]
      .toSorted((a, b) => (a.key === b.key ? a.place - b.place : a.key < b.key ? -1 : 1))
      .map(({ row }) => row),
  };
}

/** Applications without a panel in this drawing, and why. */
export const refusedPanelTable = ({ refused, notDrawn }: Drawing, language: Language): ResultTable => ({
  name: 'panels_refused',
  title: { zh: '没有抽出专家组的申请', en: 'Applications without a panel' },
  columns: [
    SETL_ID,
    column('reason', 'text', '原因', 'reason'),
    column('candidates', 'count', '可用专家', 'candidates'),
    column('needed', 'count', '至少', 'needed'),
    column('specialties', 'text', '缺专家的专业', 'specialties without an expert'),
    column('excluded', 'text', '排除', 'excluded'),
    column('explanation', 'note', '说明', 'explanation'),
  ],
  rows: [
    ...refused.map(({ question, refusal }) => {
      const excluded = Object.entries(refusal.excluded).filter(([, count]) => count > 0);
      return [
        question.setlId,
        refusal.refused,
        refusal.candidates,
        refusal.needed,
        joined(refusal.specialties),
        joined(excluded.map(([reason, count]) => `${reason}:${count}`)),
        [
          words([refusal.refused], language),
          ...excluded.map(([reason, count]) => `${words([reason], language)} ${count}`),
        ].join(language === 'zh' ? '；' : '; '),
      ];
    }),
    ...notDrawn.map(({ setlId, reason }) => [
      setlId,
      reason,
      null,
      null,
      null,
      null,
      words([reason], language),
    ]),
  ],
});

export const verificationTable = (checks: readonly PanelCheck[], language: Language): ResultTable => ({
  name: 'verification',
  title: { zh: '专家组重抽核对', en: 'Panels drawn again' },
  columns: [
    SETL_ID,
    column('kind', 'text', '次', 'kind'),
    column('drawn_on', 'text', '抽取日期', 'drawn on'),
    column('status', 'text', '核对', 'status'),
    column('same_pool', 'text', '候选相同', 'same pool'),
    column('members', 'text', '在册成员', 'members on file'),
    column('expected', 'text', '重抽成员', 'members drawn again'),
    column('conflict_since', 'text', '其后申报利害关系', 'conflict declared since'),
    column('explanation', 'note', '说明', 'explanation'),
  ],
  rows: checks.map(({ panel, status, samePool, expected, conflictSince }) => [
    panel.setlId,
    panel.kind,
    panel.drawnOn.toString(),
    status,
    samePool ? 'yes' : 'no',
    joined(panel.members),
    joined(expected),
    joined(conflictSince),
    words([status, ...(conflictSince.length > 0 ? ['conflict-since-drawn'] : [])], language),
  ]),
});

/** The whole record of each decision; internal, not for publication. */
export const decisionTable = (decisions: readonly Decision[], language: Language): ResultTable => ({
  name: 'decisions',
  title: { zh: '评审结果', en: 'Decisions' },
  columns: [
    SETL_ID,
    INSTITUTION,
    SCHEME,
    column('reasons', 'text', '理由', 'reasons'),
    column('kind', 'text', '次', 'kind'),
    column('outcome', 'text', '结果', 'outcome'),
    column('basis', 'text', '依据', 'basis'),
    column('votes_for', 'count', '赞成', 'for'),
    column('votes_against', 'count', '反对', 'against'),
    column('abstained', 'count', '弃权', 'abstained'),
    column('decided_on', 'text', '评审日期', 'decided on'),
    column('amount', 'yuan', '金额', 'amount'),
    column('points', 'scaled4', '点数', 'points'),
    column('points_before', 'scaled4', '原点数', 'points before'),
    column('points_after', 'scaled4', '现点数', 'points after'),
    column('panel', 'text', '专家组', 'panel'),
    column('vote_reasons', 'note', '专家意见', 'reasons of the votes'),
    column('explanation', 'note', '说明', 'explanation'),
  ],
  rows: decisions.map((decision) => {
    const { heard, by, outcome, basis } = decision;
    const votes = by?.votes.filter(({ reason }) => reason !== '') ?? [];
    return [
      heard.of.setlId,
      heard.of.fixmedinsCode,
      heard.of.scheme,
      joined(heard.application.reasons),
      by?.kind ?? null,
      outcome,
      basis,
      by?.result.votesFor ?? null,
      by?.result.votesAgainst ?? null,
      by?.result.abstained ?? null,
      by?.decidedOn?.toString() ?? null,
      decision.amountFen ?? null,
      decision.points4 ?? null,
      heard.of.points4,
      decision.pointsAfter4,
      by === undefined ? null : joined(by.panel.members),
      votes.map(({ expertCode, reason }) => `${expertCode}: ${reason}`).join('; '),
      words([basis, ...(basis === 'not-eligible' ? heard.eligibility.shortcomings : [])], language),
    ];
  }),
});

/** What settle reads: decided cases only. */
export const specialCaseTable = (decisions: readonly Decision[]): ResultTable => ({
  name: 'special_cases',
  title: { zh: '供结算的结果', en: 'For the settlement' },
  columns: [
    SETL_ID,
    column('decision', 'text', '结果', 'decision'),
    column('amount', 'yuan', '金额', 'amount'),
    column('points', 'scaled4', '点数', 'points'),
    column('reason', 'note', '依据', 'reason'),
  ],
  rows: decisions
    .filter(({ outcome }) => outcome !== 'undecided')
    .map(({ heard, by, outcome, basis, amountFen, points4 }) => [
      heard.of.setlId,
      outcome,
      amountFen ?? null,
      points4 ?? null,
      [
        joined(heard.application.reasons),
        by === undefined
          ? ''
          : `${by.kind} ${by.result.votesFor}:${by.result.votesAgainst}${by.decidedOn === undefined ? '' : ` ${by.decidedOn}`}`,
        basis,
      ]
        .filter((part) => part !== '')
        .join('; '),
    ]),
});

/** Figures for everyone; nothing of a single case. */
export function publicationTable(
  published: readonly PublicationOfScheme[],
  review: ReviewYear,
  period: Period,
  language: Language,
): ResultTable {
  const { tables, year } = review.settlement;
  const names = new Map(tables.institutions.map((each) => [each.fixmedinsCode, each.name]));
  const share = (part: bigint, whole: bigint): string =>
    whole <= 0n ? '' : scaledText(roundTo(fraction(part * 100n, whole), 4), 4);
  return {
    name: 'publication',
    title: { zh: '特例单议公布', en: 'Special-case review: publication' },
    columns: [
      SCHEME,
      column('period', 'text', '时期', 'period'),
      INSTITUTION,
      column('name', 'text', '名称', 'name'),
      column('discharges', 'count', '出院', 'discharges'),
      column('applications', 'count', '申请', 'applications'),
      column('passes', 'count', '通过', 'passes'),
      column('share_of_discharges', 'text', '占出院%', '% of discharges'),
      column('fund_paid', 'yuan', '基金支付', 'fund paid'),
      column('share_of_fund', 'text', '占基金%', '% of fund'),
      column('added', 'yuan', '较原标准增加', 'added by review'),
      column('fund', 'yuan', '全部病例基金', 'fund for all cases'),
    ],
    rows: published.flatMap(({ insutype, rows }) =>
      rows.map((row) => [
        insutype,
        spanText(year, period, row),
        row.whole ? 'all' : (row.fixmedinsCode ?? 'others'),
        row.fixmedinsCode === undefined
          ? (row.whole ? { zh: '合计', en: 'all' } : { zh: '其他机构', en: 'others' })[language]
          : (names.get(row.fixmedinsCode) ?? ''),
        row.discharges,
        ...(row.hidden
          ? [null, null, null, null, null, null]
          : [
              row.applications,
              row.passes,
              share(BigInt(row.passes), BigInt(row.discharges)),
              row.reviewedFundFen,
              share(row.reviewedFundFen, row.fundFen),
              row.addedFen,
            ]),
        row.fundFen,
      ]),
    ),
  };
}
