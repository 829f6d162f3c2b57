import type { Command } from 'commander';
import { dateArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

type ExplainOptions = {
  readonly area: string;
  readonly date: string;
  readonly knownAt?: string;
  readonly json: boolean;
};
type DiffOptions = {
  readonly benefits: boolean;
  readonly from: string;
  readonly to: string;
  readonly knownAt?: string;
  readonly json: boolean;
};

export function addPolicyCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const areaHelp = zh ? '六位统筹地区代码，或地区文件夹' : 'six-digit code of the area, or an area folder';
  const knownAtHelp = zh
    ? '只用该日（YYYY-MM-DD）以前登记的政策'
    : 'use the policies recorded by that day (YYYY-MM-DD)';
  const json = zh ? '输出 JSON' : 'print JSON';
  const policy = program
    .command('policy')
    .description(zh ? '查看与比较政策参数' : 'look up and compare policy parameters');

  policy
    .command('explain')
    .description(
      zh
        ? '一个参数在某地某日的值、依据，以及它来自哪一层政策'
        : 'the value of a parameter in an area on a day, where it comes from, and which layer gives it',
    )
    .argument(
      zh ? '<参数>' : '<parameter>',
      zh ? '参数名，如 deviation.high_ratio' : 'such as deviation.high_ratio',
    )
    .requiredOption('--area <area>', areaHelp)
    .requiredOption(
      '--date <date>',
      zh ? '哪一天（YYYY-MM-DD）' : 'the day (YYYY-MM-DD)',
      dateArgument('--date'),
    )
    .option('--known-at <date>', knownAtHelp, dateArgument('--known-at'))
    .option('--json', json, false)
    .addHelpText(
      'after',
      zh
        ? '\n例:\n  yibao policy explain payment.monthly_ratio --area 990100 --date 2025-01-01'
        : '\nExample:\n  yibao policy explain payment.monthly_ratio --area 990100 --date 2025-01-01',
    )
    .action(async (parameter: string, options: ExplainOptions) => {
      const { explainParameter, parsePolicyDate, profileOf, renderExplanation, resolveArea } = await import(
        '#policy/index.ts'
      );
      const explanation = explainParameter({
        layers: resolveArea(options.area, undefined, profileOf(parameter)).layers,
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
      zh ? '一个地区的政策在两个日期之间的变化' : 'what changes in the policy of an area between two days',
    )
    .argument(zh ? '<地区>' : '<area>', areaHelp)
    .requiredOption(
      '--from <date>',
      zh ? '起始日期（YYYY-MM-DD）' : 'first day (YYYY-MM-DD)',
      dateArgument('--from'),
    )
    .requiredOption(
      '--to <date>',
      zh ? '截止日期（YYYY-MM-DD）' : 'last day (YYYY-MM-DD)',
      dateArgument('--to'),
    )
    .option('--known-at <date>', knownAtHelp, dateArgument('--known-at'))
    .option(
      '--benefits',
      zh ? '待遇参数（不加此项：支付参数）' : 'parameters of benefits (otherwise: of payment)',
      false,
    )
    .option('--json', json, false)
    .addHelpText(
      'after',
      zh
        ? '\n例:\n  yibao policy diff 990100 --from 2024-01-01 --to 2025-12-31'
        : '\nExample:\n  yibao policy diff 990100 --from 2024-01-01 --to 2025-12-31',
    )
    .action(async (area: string, options: DiffOptions) => {
      const { BENEFITS_PROFILE, diffPolicies, parsePolicyDate, renderDiff, resolveArea } = await import(
        '#policy/index.ts'
      );
      const diff = diffPolicies({
        layers: resolveArea(area, undefined, options.benefits ? BENEFITS_PROFILE : undefined).layers,
        from: parsePolicyDate(options.from),
        to: parsePolicyDate(options.to),
        knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
      });
      process.stdout.write(options.json ? `${JSON.stringify(diff, null, 2)}\n` : renderDiff(diff, language));
    });

  policy
    .command('documents')
    .description(
      zh
        ? '规则版本表：登记的文件、文号、状态、适用期间、废止'
        : 'the table of rule versions: documents with number, status, period in force and what abolished them',
    )
    .option(
      '--date <date>',
      zh ? '只列这一天（YYYY-MM-DD）适用的' : 'only those in force on that day (YYYY-MM-DD)',
      dateArgument('--date'),
    )
    .option('--json', json, false)
    .addHelpText(
      'after',
      zh
        ? '\n例:\n  yibao policy documents --date 2023-01-01'
        : '\nExample:\n  yibao policy documents --date 2023-01-01',
    )
    .action(async (options: { readonly date?: string; readonly json: boolean }) => {
      const { documentsInForce, loadPolicies, renderDocuments } = await import('#policy/index.ts');
      const documents = documentsInForce(loadPolicies().documents, options.date);
      process.stdout.write(
        options.json ? `${JSON.stringify(documents, null, 2)}\n` : renderDocuments(documents, language),
      );
    });
}
