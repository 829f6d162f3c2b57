import type { Command } from 'commander';
import { choiceArgument, integerArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type HospitalSendOptions = {
  readonly url: string;
  readonly institution?: string;
  readonly dialect: 'plain' | 'csb' | 'tif' | 'sealed';
  readonly key?: string;
  readonly secret?: string;
  readonly privateKey?: string;
  readonly areaCode: string;
  readonly submit: boolean;
  readonly concurrency: number;
  readonly rate?: number;
  readonly patience: number;
  readonly out: string;
  readonly skipBadFiles: boolean;
};

export function addHospitalCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const hospital = program
    .command('hospital')
    .description(
      zh ? '定点医药机构一侧：向医保接口发送清单' : 'the side of an institution: send lists to the interface',
    );
  hospital
    .command('send')
    .argument(
      '<folder>',
      zh
        ? '清单文件夹，格式与 settle、check 所读相同'
        : 'folder of lists, in the formats settle and check read',
    )
    .description(
      zh
        ? '经国家接口逐份上传一个文件夹的清单，可中断后继续，并报告每份的结果'
        : 'upload a folder of lists through the national interface, one by one; goes on after a break and reports each list',
    )
    .requiredOption(
      '--url <address>',
      zh ? '服务地址，如 http://127.0.0.1:8080' : 'address of the service, such as http://127.0.0.1:8080',
    )
    .option(
      '--institution <code>',
      zh
        ? '只发送该机构的清单（fixmedins_code）；不给则全部'
        : 'only lists of this institution (fixmedins_code); without it all',
    )
    .option(
      '--dialect <plain|csb|tif|sealed>',
      zh ? '接入方式：直连、CSB、TIF、国密信封' : 'gateway: none, CSB, TIF, or the SM2/SM4 envelope',
      choiceArgument('--dialect', ['plain', 'csb', 'tif', 'sealed']),
      'plain',
    )
    .option('--key <key>', zh ? '访问标识（access key、paasid 或 appId）' : 'access key, PaaS id or app id')
    .option(
      '--secret <text>',
      zh
        ? '密钥（默认取环境变量 YIBAO_HOSPITAL_SECRET）'
        : 'secret (default: YIBAO_HOSPITAL_SECRET of the environment)',
    )
    .option(
      '--private-key <hex>',
      zh
        ? '机构的 SM2 私钥，仅国密信封（默认取 YIBAO_HOSPITAL_PRIVATE_KEY）'
        : 'SM2 private key of the institution, for sealed (default: YIBAO_HOSPITAL_PRIVATE_KEY)',
    )
    .option(
      '--area-code <code>',
      zh ? '就医地医保区划，六位' : 'six-digit code of the treatment area',
      '000000',
    )
    .option('--no-submit', zh ? '只上传，不提交（不发 4102）' : 'upload only, do not submit (no 4102)')
    .option(
      '--concurrency <n>',
      zh ? '同时进行的请求数' : 'requests under way at once',
      integerArgument('--concurrency', 1, 256),
      8,
    )
    .option(
      '--rate <n>',
      zh ? '每秒最多发送的清单数' : 'at most so many lists a second',
      integerArgument('--rate', 1, 100_000),
    )
    .option(
      '--patience <seconds>',
      zh ? '服务不应答时最多等待的秒数' : 'seconds to go on trying while the service does not answer',
      integerArgument('--patience', 0, 86_400),
      60,
    )
    .option(
      '--out <folder>',
      zh ? '结果与续传记录的文件夹' : 'folder of results and of the journal to go on from',
      'yibao-send',
    )
    .option('--skip-bad-files', zh ? '跳过不能读取的文件' : 'leave out files that cannot be read', false)
    .addHelpText(
      'after',
      zh
        ? `
每份清单以 4101A 上传，接着以 4102 提交；--out 中的 journal.jsonl 记下已有结果的清单，
results.csv 是全部结果。中断后再次运行同一命令即继续，任何一份都不会重复上传。

例: yibao hospital send 清单 --url http://127.0.0.1:8080 --institution H43010000001
    yibao hospital send 清单 --url http://127.0.0.1:8080 --dialect csb --key <access key> --secret <密钥>`
        : `
Each list is uploaded with 4101A and then submitted with 4102. journal.jsonl in
--out keeps what was decided, results.csv has all results. After a break the same
command goes on; no list is ever uploaded twice.

Examples: yibao hospital send lists --url http://127.0.0.1:8080 \\
            --institution H43010000001
          yibao hospital send lists --url http://127.0.0.1:8080 --dialect csb \\
            --key <access key> --secret <secret>`,
    )
    .action(async (folder: string, options: HospitalSendOptions) => {
      const { runHospitalSend } = await import('#cli/run-hospital-send.ts');
      await runHospitalSend(folder, options, language);
    });
}
