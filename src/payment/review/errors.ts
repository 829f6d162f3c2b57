import type { ErrorDefinition, Problem } from '#kernel/errors.ts';
import { roundTo, scaledText } from '#kernel/fraction.ts';
import type { QuotaLine } from './quota.ts';

/** What can be wrong with applications, experts, panels and votes. */
export const reviewErrors = {
  tooManySpecialCases: {
    code: 'review.too-many-special-cases',
    exit: 4,
    message: {
      zh: '特例单议通过 {passed} 例，超过上限 {quota} 例（{whose}出院 {discharges} 例 × {share}，向下取整）',
      en: '{passed} special cases passed, more than the quota of {quota} ({discharges} discharges of {whoseEn} × {share}, rounded down)',
    },
    remedy: {
      zh: '由评审决定取舍，把超出的改为 rejected，或用 review.over_quota 写明取舍次序；上限见参数 special_case.quota_base、special_case.quota、special_case.level_quotas',
      en: 'let the review reject those that are too many, or say in review.over_quota which stay; the quota is in special_case.quota_base, special_case.quota and special_case.level_quotas',
    },
  },
  paidTwice: {
    code: 'review.paid-twice',
    exit: 3,
    message: {
      zh: '这一例已由特例单议核付整例，不能再另加点数',
      en: 'a review has granted what is paid for the whole case, so that an add-on would pay it twice',
    },
    remedy: {
      zh: '从 add_ons.csv 删去这一行；评审结果不含该项目的，把 review.add_ons 设为 on-top',
      en: 'remove the row from add_ons.csv; where the review leaves the item out, set review.add_ons to on-top',
    },
  },
  notInPolicy: {
    code: 'review.not-in-policy',
    exit: 3,
    message: {
      zh: '政策没有特例单议：adjustment.steps 为“{value}”',
      en: 'the policy knows no special-case review: adjustment.steps is "{value}"',
    },
    remedy: {
      zh: '在 area.yaml 或政策文件中让 adjustment.steps 包含 special-case',
      en: 'let adjustment.steps in area.yaml or in the policy file hold special-case',
    },
  },
  noApplications: {
    code: 'review.no-applications',
    exit: 3,
    message: { zh: '地区文件夹没有特例单议申请', en: 'the area folder has no applications for review' },
    remedy: {
      zh: '写 special_case_applications.csv，表头为 {columns}',
      en: 'write special_case_applications.csv with the header {columns}',
    },
  },
  noExperts: {
    code: 'review.no-experts',
    exit: 3,
    message: { zh: '地区文件夹没有专家名册', en: 'the area folder has no register of experts' },
    remedy: { zh: '写 experts.csv，表头为 {columns}', en: 'write experts.csv with the header {columns}' },
  },
  unknownCase: {
    code: 'review.unknown-case',
    exit: 3,
    message: {
      zh: '{year} 年参加结算的清单中没有这个结算ID',
      en: 'no list that takes part in {year} has this setl_id',
    },
    remedy: {
      zh: '核对结算ID；此文件只写该年度的申请',
      en: 'check the setl_id; this file holds the applications of that year only',
    },
  },
  unknownExpert: {
    code: 'review.unknown-expert',
    exit: 3,
    message: { zh: 'experts.csv 中没有这位专家', en: 'experts.csv has no such expert' },
    remedy: {
      zh: '改正编号；离任的专家不要删除，写上 active_until',
      en: 'correct the code; do not remove an expert who left, write active_until',
    },
  },
  noApplication: {
    code: 'review.no-application',
    exit: 3,
    message: {
      zh: 'special_case_applications.csv 中没有这一例的申请',
      en: 'special_case_applications.csv has no application for this case',
    },
    remedy: { zh: '补上申请，或删去这一行', en: 'add the application, or remove the row' },
  },
  institutionOrCase: {
    code: 'review.institution-or-case',
    exit: 3,
    message: {
      zh: 'fixmedins_code 与 setl_id 应恰好填一列',
      en: 'exactly one of fixmedins_code and setl_id must be filled',
    },
    remedy: {
      zh: '与整家机构有利害关系填 fixmedins_code，只与一例有关填 setl_id',
      en: 'fill fixmedins_code for a conflict with an institution, setl_id for one with a single case',
    },
  },
  endsBeforeStart: {
    code: 'review.ends-before-start',
    exit: 3,
    message: { zh: '结束日期早于开始日期', en: 'the last day is before the first' },
    remedy: { zh: '改正其中一个日期', en: 'correct one of the dates' },
  },
  badEvidencePath: {
    code: 'review.bad-evidence-path',
    exit: 3,
    message: {
      zh: '证据文件须是 special_case_evidence/ 内的相对路径',
      en: 'an evidence file must be a relative path inside special_case_evidence/',
    },
    remedy: {
      zh: '把文件放进 special_case_evidence/，这里只写文件名，多个以 | 分隔',
      en: 'put the file into special_case_evidence/ and write its name here; join several by |',
    },
  },
  notAMember: {
    code: 'review.not-a-member',
    exit: 3,
    message: {
      zh: '这位专家不在该例的专家组里',
      en: 'the expert is not a member of the panel of this case',
    },
    remedy: {
      zh: '改正 expert_code 或 kind；专家组见 special_case_panels.csv',
      en: 'correct expert_code or kind; the panels are in special_case_panels.csv',
    },
  },
  votedBeforeDrawn: {
    code: 'review.voted-before-drawn',
    exit: 3,
    message: {
      zh: '投票日期早于专家组抽取日期 {drawnOn}',
      en: 'the vote is older than the panel, which was drawn on {drawnOn}',
    },
    remedy: { zh: '改正 voted_on', en: 'correct voted_on' },
  },
  voteNeeds: {
    code: 'review.vote-needs',
    exit: 3,
    message: {
      zh: '投票为“{value}”时，{column} 列不该这样填',
      en: 'with the vote "{value}" column {column} must not be as it is',
    },
    remedy: {
      zh: 'pass 须写 decision：cost 不填数额，amount 只填 amount（元），points 只填 points；reject、abstain 三列都留空',
      en: 'pass needs a decision: cost with neither value, amount with amount (yuan) only, points with points only; with reject and abstain all three are empty',
    },
  },
  panelUneven: {
    code: 'review.panel-not-one',
    exit: 3,
    message: {
      zh: '同一专家组各行的 {column} 不一致',
      en: 'the rows of one panel differ in {column}',
    },
    remedy: {
      zh: '照 yibao review panel 写出的原样放入，不要改动',
      en: 'put the rows here as yibao review panel has written them',
    },
  },
  evenNumber: {
    code: 'review.even-number',
    exit: 3,
    message: {
      zh: '专家组人数须为奇数，且 {condition}',
      en: 'a panel has an odd number of members, and {condition}',
    },
    remedy: {
      zh: '在 area.yaml 或政策文件中改正 {field}',
      en: 'correct {field} in area.yaml or in the policy file',
    },
  },
  panelDrawnAlready: {
    code: 'review.panel-drawn-already',
    exit: 4,
    message: {
      zh: '抽取日期 {date} 不晚于已有的一次抽取（{latest}）：补抽会改变当时可抽的专家',
      en: 'the date {date} is not later than a drawing that is on file ({latest}): drawing now would change what that one drew from',
    },
    remedy: {
      zh: '用更晚的 --date；核对已有的专家组用 --verify',
      en: 'give a later --date; --verify checks the panels on file',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** More cases have passed than the quota of the area, or of an institution, allows. */
export const overQuota = (file: string | undefined, line: QuotaLine): Problem => ({
  definition: reviewErrors.tooManySpecialCases,
  ...(file === undefined ? {} : { file }),
  ...(line.fixmedinsCode === undefined ? {} : { field: 'fixmedins_code', value: line.fixmedinsCode }),
  parameters: {
    passed: String(line.passed),
    quota: String(line.quota),
    discharges: String(line.discharges),
    share: scaledText(roundTo(line.share, 4), 4).replace(/\.?0+$/, ''),
    whose: line.fixmedinsCode === undefined ? '全地区' : '本机构',
    whoseEn: line.fixmedinsCode === undefined ? 'the area' : 'the institution',
  },
});
