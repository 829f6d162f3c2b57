import type { Command } from 'commander';
import type { Language } from '#kernel/locale.ts';
import {
  diffPolicies,
  explainParameter,
  parsePolicyDate,
  renderDiff,
  renderExplanation,
  resolveArea,
} from '#policy/index.ts';

export function addPolicyCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const areaHelp = zh
    ? '六位地区代码（如 990100），或地区文件夹'
    : 'six-digit area code such as 990100, or an area folder';
  const knownAtHelp = zh ? '按该日已登记的政策（YYYY-MM-DD）' : 'as recorded by that day (YYYY-MM-DD)';
  const policy = program
    .command('policy')
    .description(zh ? '查看与比较政策参数' : 'look up and compare policy parameters');

  policy
    .command('explain')
    .description(
      zh
        ? '一个参数在某地某日的值、来源，以及来自哪一层'
        : 'the value of a parameter in an area on a day, its source and its layer',
    )
    .argument(zh ? '<参数>' : '<parameter>', zh ? '如 deviation.high_ratio' : 'such as deviation.high_ratio')
    .requiredOption('--area <area>', areaHelp)
    .requiredOption('--date <date>', zh ? '日期，YYYY-MM-DD' : 'date, YYYY-MM-DD')
    .option('--known-at <date>', knownAtHelp)
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .action((parameter: string, options: { area: string; date: string; knownAt?: string; json: boolean }) => {
      const explanation = explainParameter({
        layers: resolveArea(options.area).layers,
        parameter,
        asOf: parsePolicyDate(options.date),
        knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
      });
      process.stdout.write(
        options.json ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, language),
      );
    });

  policy
    .command('diff')
    .description(
      zh ? '两个日期之间一个地区的政策变化' : 'what changes in the policy of an area between two days',
    )
    .argument(zh ? '<地区>' : '<area>', areaHelp)
    .requiredOption('--from <date>', zh ? '起始日期，YYYY-MM-DD' : 'first day, YYYY-MM-DD')
    .requiredOption('--to <date>', zh ? '结束日期，YYYY-MM-DD' : 'last day, YYYY-MM-DD')
    .option('--known-at <date>', knownAtHelp)
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .action((area: string, options: { from: string; to: string; knownAt?: string; json: boolean }) => {
      const diff = diffPolicies({
        layers: resolveArea(area).layers,
        from: parsePolicyDate(options.from),
        to: parsePolicyDate(options.to),
        knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
      });
      process.stdout.write(options.json ? `${JSON.stringify(diff, null, 2)}\n` : renderDiff(diff, language));
    });
}
