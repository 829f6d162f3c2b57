import type { ErrorDefinition } from '#kernel/errors.ts';

const INPUT = 3;

/** What can be wrong with scenarios. A scenario on the command line has no file; wrong usage of it exits with 2. */
export const simulationErrors = {
  malformedSet: {
    code: 'simulation.malformed-set',
    exit: 2,
    message: {
      zh: '“{text}”不是“参数=值”的形式',
      en: '"{text}" does not have the form parameter=value',
    },
    remedy: {
      zh: '写成 --set deviation.high_ratio=2.5 或 --set budget.resident=+3%',
      en: 'write it like --set deviation.high_ratio=2.5 or --set budget.resident=+3%',
    },
  },
  malformedScenario: {
    code: 'simulation.malformed-scenario',
    exit: 2,
    message: {
      zh: '“{text}”不是“方案名:参数=值”的形式',
      en: '"{text}" does not have the form name:parameter=value',
    },
    remedy: {
      zh: '写成 --scenario 收紧:deviation.high_ratio=2.5；同一方案有几处改变时，同名写几次',
      en: 'write it like --scenario tight:deviation.high_ratio=2.5; repeat the name for a further change of the same scenario',
    },
  },
  noScenario: {
    code: 'simulation.no-scenario',
    exit: 2,
    message: { zh: '没有给出要试算的改变', en: 'no change to simulate was given' },
    remedy: {
      zh: '用 --set、--scenario 或 --scenarios 给出至少一个方案',
      en: 'give at least one scenario with --set, --scenario or --scenarios',
    },
  },
  emptyFile: {
    code: 'simulation.empty-file',
    exit: INPUT,
    message: { zh: '文件里没有方案', en: 'the file has no scenario' },
    remedy: {
      zh: '在 scenarios 之下按名称写方案，每个方案写 set',
      en: 'write scenarios by name under `scenarios`, each with its `set`',
    },
  },
  emptyScenario: {
    code: 'simulation.empty-scenario',
    exit: INPUT,
    message: { zh: '方案 {scenario} 没有任何改变', en: 'scenario {scenario} changes nothing' },
    remedy: { zh: '在 set 之下至少写一个“参数: 值”', en: 'write at least one parameter under `set`' },
  },
  repeatedSet: {
    code: 'simulation.repeated-set',
    exit: INPUT,
    message: {
      zh: '方案 {scenario} 中 {field} 改了两次',
      en: 'scenario {scenario} sets {field} twice',
    },
    remedy: {
      zh: '只保留一个；要比较两个值，写成两个方案',
      en: 'keep one; to compare two values write two scenarios',
    },
  },
  repeatedScenario: {
    code: 'simulation.repeated-scenario',
    exit: INPUT,
    message: { zh: '有两个方案叫 {value}', en: 'two scenarios are called {value}' },
    remedy: { zh: '改其中一个的名称', en: 'rename one of them' },
  },
  wrongBudget: {
    code: 'simulation.wrong-budget',
    exit: INPUT,
    message: { zh: '不是预算的改变', en: 'this is no change of a budget' },
    remedy: {
      zh: '写成新的金额（元，至多两位小数）如 123456789.00，或增减的金额如 +1000000、-500000.50，或百分比如 +3%、-2.5%',
      en: 'write a new amount in yuan with at most two decimals such as 123456789.00, a difference such as +1000000 or -500000.50, or a percentage such as +3% or -2.5%',
    },
  },
  wrongBudgetUnit: {
    code: 'simulation.wrong-budget-unit',
    exit: INPUT,
    message: { zh: '预算的单位不对', en: 'wrong unit for a budget' },
    remedy: { zh: '单位为 yuan（元）；百分比不写单位', en: 'its unit is yuan; a percentage has none' },
  },
  noBudget: {
    code: 'simulation.no-budget',
    exit: INPUT,
    message: {
      zh: '{year} 年没有这个险种的预算，无从改起（有预算的：{known}）',
      en: 'the scheme has no budget in {year} that could be changed (budgets: {known})',
    },
    remedy: {
      zh: '去掉这个改变，或在 budget.csv 中写上该险种的预算',
      en: 'leave it out, or give the scheme a budget in budget.csv',
    },
  },
  negativeBudget: {
    code: 'simulation.negative-budget',
    exit: INPUT,
    message: {
      zh: '改变后的预算为 {amount} 元，小于零',
      en: 'the changed budget would be {amount} yuan, below zero',
    },
    remedy: { zh: '现预算 {budget} 元；减得少一些', en: 'the budget is {budget} yuan; take less off it' },
  },
  notSettleable: {
    code: 'simulation.not-settleable',
    exit: INPUT,
    message: {
      zh: '方案 {scenario} 之下这一年无法结算，原因见下',
      en: 'the year cannot be settled under scenario {scenario}, for the reasons below',
    },
    remedy: { zh: '改正或去掉这个方案的改变', en: 'mend or leave out what the scenario changes' },
  },
  baseNotOurs: {
    code: 'simulation.base-not-ours',
    exit: 4,
    message: {
      zh: '这个文件不是 yibao simulate 的底稿，不覆盖',
      en: 'this file is not a base that yibao simulate made, and is left alone',
    },
    remedy: { zh: '用 --base 指定另一个文件', en: 'name another file with --base' },
  },
} satisfies Record<string, ErrorDefinition>;
