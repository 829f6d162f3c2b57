import type { ErrorDefinition } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

const SEE_HELP: Text = { zh: '运行 {command} --help 查看用法', en: 'see {command} --help' };

const usage = (code: string, message: Text, remedy: Text = SEE_HELP): ErrorDefinition => ({
  code: `usage.${code}`,
  exit: 2,
  message,
  remedy,
});

/** What can be wrong with a command line. `{command}` is the command it was given to. */
export const usageErrors = {
  noCommand: usage('no-command', { zh: '没有给出已有的命令', en: 'no known command was given' }),
  unknownCommand: usage('unknown-command', {
    zh: '没有命令“{name}”{suggestionZh}',
    en: 'there is no command "{name}"{suggestionEn}',
  }),
  unknownOption: usage('unknown-option', {
    zh: '没有选项“{name}”{suggestionZh}',
    en: 'there is no option "{name}"{suggestionEn}',
  }),
  sameProfile: usage(
    'same-profile',
    { zh: '方案“{value}”已在对比之中', en: 'profile "{value}" is compared already' },
    { zh: '在 --with 之后写另一个方案或地区文件夹', en: 'name another profile or area folder after --with' },
  ),
  missingArgument: usage('missing-argument', { zh: '缺少 <{name}>', en: '<{name}> is missing' }),
  missingOption: usage('missing-option', { zh: '必须给出选项 {name}', en: 'option {name} is required' }),
  missingOptionValue: usage('missing-option-value', {
    zh: '选项 {name} 后面缺少值',
    en: 'option {name} needs a value after it',
  }),
  tooManyArguments: usage(
    'too-many-arguments',
    { zh: '多出的参数', en: 'too many arguments' },
    {
      zh: '含空格的路径要加引号；运行 {command} --help 查看用法',
      en: 'put a path with blanks in quotes; see {command} --help',
    },
  ),
  wrongValue: usage(
    'wrong-value',
    { zh: '选项 {name} 的值“{value}”不对', en: 'option {name} has the wrong value "{value}"' },
    { zh: '应为{expectedZh}', en: 'give {expectedEn}' },
  ),
  other: usage('other', { zh: '命令写法不对（{text}）', en: 'wrong usage ({text})' }),
} satisfies Record<string, ErrorDefinition>;

/** What stops a run although neither the input nor the command is wrong. */
export const environmentErrors = {
  system: {
    code: 'environment.system',
    exit: 5,
    message: { zh: '运行中断：{reasonZh}{path}', en: 'the run stopped: {reasonEn}{path}' },
    remedy: {
      zh: '检查磁盘空间、内存与权限后重新运行',
      en: 'check disk space, memory and permissions and run again',
    },
  },
  unexpected: {
    code: 'environment.unexpected',
    exit: 5,
    message: { zh: '程序出错：{text}', en: 'the program failed: {text}' },
    remedy: {
      zh: '重新运行；仍然出错时请把这条信息和所用命令报告给项目（设 YIBAO_DEBUG=1 可得完整堆栈）',
      en: 'run again; if it still fails, report this message and the command (YIBAO_DEBUG=1 gives the whole stack)',
    },
  },
} satisfies Record<string, ErrorDefinition>;
