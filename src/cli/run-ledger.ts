import type { LedgerAccountsOptions, LedgerOptions } from '#cli/ledger.ts';
import { withDataStore } from '#cli/open-store.ts';
import type { Store } from '#engine/postgres/store.ts';
import { fundErrors, monthAccounts, sealJournal, verifyLedger } from '#fund/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { createProgress } from '#kernel/progress.ts';

const withStore = (options: LedgerOptions, work: (store: Store) => Promise<void>): Promise<void> =>
  withDataStore(options.data, work);

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** Prints what was proven; throws fund.not-whole with everything that does not agree. */
export const runLedgerVerify = (options: LedgerOptions, language: Language): Promise<void> =>
  withStore(options, async (store) => {
    const progress = createProgress();
    const verdict = await verifyLedger(store, { progress, language }).finally(() => progress.done());
    if (options.json) print(verdict);
    if (verdict.faults.length > 0) {
      throw new YibaoError(
        verdict.faults.map(({ check, text }) => ({
          definition: fundErrors.notWhole,
          field: check,
          parameters: { zh: text.zh, en: text.en },
        })),
      );
    }
    if (options.json) return;
    const { entries, settlements, accumulators, seals, unsealed, hash } = verdict;
    process.stdout.write(
      language === 'zh'
        ? `一致：${settlements} 笔结算 = ${entries} 条分录，${accumulators} 项累计；已封存 ${seals} 批，未封存 ${unsealed} 条，末批链值 ${hash}\n`
        : `whole: ${settlements} settlements = ${entries} entries, ${accumulators} accumulators; ${seals} batches sealed, ${unsealed} entries open, last hash ${hash}\n`,
    );
  });

export const runLedgerClose = (options: LedgerOptions, language: Language): Promise<void> =>
  withStore(options, async (store) => {
    const seal = await sealJournal(store, Temporal.Now.instant());
    if (options.json) return print(seal ?? null);
    const zh = language === 'zh';
    process.stdout.write(
      seal === undefined
        ? zh
          ? '没有未封存的分录\n'
          : 'there are no open entries\n'
        : zh
          ? `第 ${seal.number} 批：封存 ${seal.entries} 条分录，链值 ${seal.hash}\n`
          : `batch ${seal.number}: ${seal.entries} entries sealed, hash ${seal.hash}\n`,
    );
  });

export const runLedgerAccounts = (options: LedgerAccountsOptions, language: Language): Promise<void> =>
  withStore(options, async (store) => {
    const rows = await monthAccounts(store, options.month, options.institution);
    if (options.json) return print(rows);
    const zh = language === 'zh';
    if (rows.length === 0) {
      process.stdout.write(zh ? '该月没有结算\n' : 'there are no settlements in this month\n');
      return;
    }
    const header = zh
      ? [
          '机构',
          '经办',
          '类别',
          '方式',
          '险种',
          '结算',
          '冲正',
          '总费用（元）',
          '基金（元）',
          '账户（元）',
          '现金（元）',
        ]
      : [
          'institution',
          'office',
          'class',
          'way',
          'insurance',
          'settled',
          'undone',
          'total yuan',
          'funds yuan',
          'accounts yuan',
          'cash yuan',
        ];
    const lines = rows.map((row) => [
      row.fixmedins_code,
      row.clr_optins,
      row.clr_type,
      row.clr_way,
      row.insutype,
      String(row.settlements),
      String(row.reversals),
      ...[row.medfee_fen, row.fund_fen, row.account_fen, row.cash_fen].map((fen) => yuanText(BigInt(fen))),
    ]);
    process.stdout.write([header, ...lines].map((cells) => `${cells.join('\t')}\n`).join(''));
  });
