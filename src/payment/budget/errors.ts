import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with budget_plan.yaml and negotiation.yaml. */
export const budgetErrors = {
  badValue: {
    code: 'budget.bad-value',
    exit: 3,
    message: { zh: '应为{expected}', en: 'must be {expectedEn}' },
    remedy: { zh: '改正该值后重新运行', en: 'correct the value and run again' },
  },
  missing: {
    code: 'budget.missing-figure',
    exit: 3,
    message: { zh: '{way}缺少 {field}', en: '{wayEn} needs {field}' },
    remedy: {
      zh: '在该预算下补上 {field}（元），格式见 docs/domain/clearing.md',
      en: 'add {field} (yuan) to that plan; docs/domain/clearing.md shows the format',
    },
  },
  unused: {
    code: 'budget.unused-figure',
    exit: 3,
    message: { zh: '{way}用不到 {field}', en: '{wayEn} does not use {field}' },
    remedy: { zh: '删去它，或改用另一种办法', en: 'remove it, or choose another way' },
  },
  negative: {
    code: 'budget.negative',
    exit: 3,
    message: { zh: '算出的预算是负数：{amount} 元', en: 'the budget comes out negative: {amount} yuan' },
    remedy: { zh: '核对各项金额', en: 'check the figures of the plan' },
  },
  repeated: {
    code: 'budget.repeated-plan',
    exit: 3,
    message: { zh: '{year} 年险种 {scheme} 的预算写了两次', en: 'scheme {scheme} has two plans for {year}' },
    remedy: { zh: '只保留一份', en: 'keep one of them' },
  },
  differs: {
    code: 'budget.differs-from-plan',
    exit: 3,
    message: {
      zh: '与 budget_plan.yaml 第 {line} 行算出的 {computed} 元不同',
      en: 'differs from the {computed} yuan that line {line} of budget_plan.yaml comes to',
    },
    remedy: {
      zh: '删去 budget.csv 的这一行，或改正其中一处；yibao budget 列出每一步',
      en: 'remove this row of budget.csv, or correct one of the two; yibao budget shows every step',
    },
  },
  roundDates: {
    code: 'negotiation.wrong-order',
    exit: 3,
    message: {
      zh: '达成日期早于提出日期 {proposed}',
      en: 'agreed before it was proposed on {proposed}',
    },
    remedy: { zh: '改正日期', en: 'correct the dates' },
  },
  oneSided: {
    code: 'negotiation.one-sided',
    exit: 3,
    message: {
      zh: '协商缺少一方：经办机构 {agency} 人，医疗机构 {institution} 人',
      en: 'one side is absent: {agency} of the agency, {institution} of the institutions',
    },
    remedy: {
      zh: '写明双方参加人（side: agency 或 institution）',
      en: 'name the participants of both sides (side: agency or institution)',
    },
  },
  dataMissing: {
    code: 'negotiation.data-missing',
    exit: 3,
    message: {
      zh: '协商所依据的文件不在地区文件夹里',
      en: 'the file the talks relied on is not in the area folder',
    },
    remedy: { zh: '放回该文件，或改正文件名', en: 'put it back, or correct its name' },
  },
  dataChanged: {
    code: 'negotiation.data-changed',
    exit: 4,
    message: {
      zh: '文件与协商时不同：现在的 sha256 是 {found}',
      en: 'the file is not the one the talks relied on: its sha256 is now {found}',
    },
    remedy: {
      zh: '恢复协商时的文件，或按新数据重新协商并记录',
      en: 'restore that file, or negotiate on the new data and record it',
    },
  },
  notAgreed: {
    code: 'negotiation.not-as-agreed',
    exit: 4,
    message: {
      zh: '协商确定的是 {agreed}，实际采用的是 {actual}（{place}）',
      en: 'agreed was {agreed}, in use is {actual} ({place})',
    },
    remedy: {
      zh: '按协商结果改正该数，或记录新的协商',
      en: 'correct the number as agreed, or record new talks',
    },
  },
  notInForce: {
    code: 'negotiation.nothing-to-fix',
    exit: 3,
    message: {
      zh: '协商确定的这个数没有对应的预算或参数',
      en: 'no budget or parameter answers to this number',
    },
    remedy: {
      zh: '在 budget.csv、budget_plan.yaml 或政策文件中写上该数',
      en: 'put the number into budget.csv, budget_plan.yaml or a policy file',
    },
  },
} satisfies Record<string, ErrorDefinition>;
