import { Command, CommanderError, Option } from 'commander';
import { choiceArgument } from '#cli/arguments.ts';
import { addAuditCommand } from '#cli/audit.ts';
import { addBackupCommands } from '#cli/backup.ts';
import { addBudgetCommand } from '#cli/budget.ts';
import { addCatalogueCommand } from '#cli/catalogue.ts';
import { addCheckCommand } from '#cli/check.ts';
import { addCodesCommand } from '#cli/codes.ts';
import { addCompareCommand } from '#cli/compare.ts';
import { addDemoCommand } from '#cli/demo.ts';
import { addDrgCommand } from '#cli/drg.ts';
import { addEvaluateCommand } from '#cli/evaluate.ts';
import { addExplainCommand } from '#cli/explain.ts';
import { addGroupCommand } from '#cli/group.ts';
import { addHospitalCommand } from '#cli/hospital.ts';
import { addLedgerCommand } from '#cli/ledger.ts';
import { localise } from '#cli/localise.ts';
import { addPartsCommand } from '#cli/parts.ts';
import { addPersonsCommand } from '#cli/persons.ts';
import { addPolicyCommand } from '#cli/policy.ts';
import { addPreviewCommand } from '#cli/preview.ts';
import { addReviewCommand } from '#cli/review.ts';
import { addServeCommand } from '#cli/serve.ts';
import { addSettleCommand } from '#cli/settle.ts';
import { addSettleVisitCommand } from '#cli/settle-visit.ts';
import { errorText, exitCodeOf } from '#cli/show-error.ts';
import { addSimulateCommand } from '#cli/simulate.ts';
import { readVersion } from '#cli/version.ts';
import { chooseLanguage } from '#kernel/locale.ts';

// The modules that do the work are loaded by the command that needs them: help and a mistyped option answer at once.

const language = chooseLanguage(process.argv.slice(2), process.env);
const zh = language === 'zh';
const program = new Command('yibao')
  .description(
    zh
      ? 'OpenYibao：统筹地区医保支付平台。从结算清单到年度清算，每个数字都能说明依据。'
      : 'OpenYibao settles what the public medical insurance of a pooling area pays its institutions, from settlement lists to annual clearing, and explains every figure.',
  )
  .version(readVersion(), '-V, --version', zh ? '显示版本' : 'show the version')
  .addOption(
    new Option(
      '--lang <zh|en>',
      zh
        ? '界面语言：zh 中文，en 英文（默认随系统区域设置）'
        : 'language: zh Chinese, en English (default: the locale of the environment)',
    ).argParser(choiceArgument('--lang', ['zh', 'en'])),
  )
  .addHelpText(
    'after',
    zh
      ? `
先试试: yibao demo               虚构一个地区并结算，约一分钟
再查看: yibao settle --help      用自己的数据结算要准备哪些文件`
      : `
Try first: yibao demo            invents an area and settles it, about a minute
Then read: yibao settle --help   the files to prepare for your own data`,
  );

addDemoCommand(program, language);
addSettleCommand(program, language);
addSettleVisitCommand(program, language);
addServeCommand(program, language);
addAuditCommand(program, language);
addBackupCommands(program, language);
addPersonsCommand(program, language);
addLedgerCommand(program, language);
addExplainCommand(program, language);
addCompareCommand(program, language);
addSimulateCommand(program, language);
addEvaluateCommand(program, language);
addBudgetCommand(program, language);
addPartsCommand(program, language);
addCheckCommand(program, language);
addReviewCommand(program, language);
addPolicyCommand(program, language);
addHospitalCommand(program, language);
addCodesCommand(program, language);
addDrgCommand(program, language);
addPreviewCommand(program, language);
addGroupCommand(program, language);
addCatalogueCommand(program, language);
localise(program, language);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // the reader of a pipe has gone, as `yibao … | head` does: the work is finished all the same
    if (error.code !== 'EPIPE') throw error;
  });
}
// so that half-written folders are removed, which exit handlers do
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) {
    process.stderr.write(errorText(error, language));
    process.exitCode = exitCodeOf(error);
  }
}
