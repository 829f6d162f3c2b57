import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Language } from '#kernel/locale.ts';

export type LedgerOptions = { readonly data?: string; readonly json: boolean };
export type LedgerAccountsOptions = LedgerOptions & { readonly month: string; readonly institution?: string };

export function addLedgerCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const ledger = program.command('ledger').description(zh ? '基金日记账' : 'the journal of the funds');
  const add = (name: string, description: string) =>
    ledger
      .command(name)
      .description(description)
      .option(
        '--data <folder>',
        zh
          ? '数据文件夹（默认 YIBAO_DATA 或 ./yibao-data）'
          : 'data folder (default: YIBAO_DATA or ./yibao-data)',
      )
      .option('--json', zh ? '以 JSON 输出' : 'print JSON', false);
  add(
    'verify',
    zh
      ? '证明日记账、结算、明细、年度累计与个人账户一致，封存后无改动；使用 PGlite 时先停止服务'
      : 'prove that journal, settlements, fee lines, accumulators and accounts agree and that nothing sealed was changed; with PGlite, stop the service first',
  ).action(async (options: LedgerOptions) => {
    const { runLedgerVerify } = await import('#cli/run-ledger.ts');
    await runLedgerVerify(options, language);
  });
  add(
    'close',
    zh
      ? '日结：把未封存的分录封存为一批，接在前一批的链值之后'
      : 'daily close: seal the open entries as one batch, chained to the one before',
  ).action(async (options: LedgerOptions) => {
    const { runLedgerClose } = await import('#cli/run-ledger.ts');
    await runLedgerClose(options, language);
  });
  add(
    'accounts',
    zh
      ? '一个月的账：应付各机构，按经办机构、清算类别、清算方式、险种'
      : 'the accounts of a month: what each institution is owed, by office, class, way and insurance',
  )
    .requiredOption('--month <yyyymm>', zh ? '年月，如 202511' : 'month, such as 202511', (text) => {
      if (/^[12]\d{3}(0[1-9]|1[0-2])$/.test(text)) return text;
      throw new InvalidArgumentError(zh ? '应为 yyyyMM，如 202511' : 'must be yyyyMM, such as 202511');
    })
    .option('--institution <code>', zh ? '只看一家机构' : 'of one institution only')
    .action(async (options: LedgerAccountsOptions) => {
      const { runLedgerAccounts } = await import('#cli/run-ledger.ts');
      await runLedgerAccounts(options, language);
    });
}
