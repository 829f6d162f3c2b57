import { Command, CommanderError } from 'commander';
import { addDemoCommand } from '#cli/demo.ts';
import { addExplainCommand } from '#cli/explain.ts';
import { localise, usageMessage } from '#cli/localise.ts';
import { addPolicyCommand } from '#cli/policy.ts';
import { addSettleCommand } from '#cli/settle.ts';
import { readVersion } from '#cli/version.ts';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import { chooseLanguage } from '#kernel/locale.ts';

/** Shown at the most; the rest is counted. */
const PROBLEMS_SHOWN_MAX = 50;

const language = chooseLanguage(process.argv.slice(2), process.env);
const zh = language === 'zh';
const program = new Command('yibao')
  .description(
    zh
      ? 'OpenYibao：统筹地区医保支付平台。从结算清单到年度清算，每个数字都能说明依据。'
      : 'OpenYibao: pays for the public medical insurance of a pooling area, from settlement lists to the annual clearing, and explains every figure.',
  )
  .version(readVersion(), '-V, --version', zh ? '显示版本' : 'show the version')
  .option(
    '--lang <zh|en>',
    zh
      ? '界面语言：zh 中文，en 英文（默认取自系统区域设置）'
      : 'language: zh or en (default: from the locale of the environment)',
  );

addDemoCommand(program, language);
addSettleCommand(program, language);
addExplainCommand(program, language);
addPolicyCommand(program, language);
localise(program, language);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // the reader of a pipe has gone, as `yibao … | head` does
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells the user what is wrong and returns the exit code: 2 usage, 3 input, 4 refused, 5 environment. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    process.stderr.write(usageMessage(error, language));
    return 2;
  }
  if (error instanceof YibaoError) {
    for (const problem of error.problems.slice(0, PROBLEMS_SHOWN_MAX)) {
      process.stderr.write(`${renderProblem(problem, language)}\n`);
    }
    const more = error.problems.length - PROBLEMS_SHOWN_MAX;
    if (more > 0) process.stderr.write(zh ? `……另有 ${more} 处问题\n` : `… and ${more} more problems\n`);
    return error.exitCode;
  }
  const { code } = error as NodeJS.ErrnoException;
  const environment = code && ['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENOMEM'].includes(code);
  const text =
    environment || process.env.YIBAO_DEBUG !== undefined ? String((error as Error).stack) : String(error);
  process.stderr.write(
    zh
      ? `运行失败：${text}\n处理：检查磁盘空间与权限后重试；若仍失败，请附上此信息报告（设 YIBAO_DEBUG=1 可得完整堆栈）。\n`
      : `The run failed: ${text}\nRemedy: check disk space and permissions and try again; if it still fails, report this message (YIBAO_DEBUG=1 gives the whole stack).\n`,
  );
  return 5;
}
