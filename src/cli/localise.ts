import type { Command, CommanderError, Option } from 'commander';
import type { Language } from '#kernel/locale.ts';

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

/** Makes a command and all below it speak the language, and throw instead of exiting. */
export function localise(command: Command, language: Language): void {
  const zh = language === 'zh';
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: () => {} })
    .helpOption('-h, --help', zh ? '显示帮助' : 'show help');
  if (command.commands.length > 0) {
    command.helpCommand(
      zh ? 'help [命令]' : 'help [command]',
      zh ? '显示某个命令的帮助' : 'show the help of a command',
    );
  }
  command.configureHelp({
    styleTitle: (title) => (zh ? (TITLES[title] ?? title) : title),
    styleUsage: (usage) => (zh ? usage.replace('[options]', '[选项]').replace('[command]', '[命令]') : usage),
    subcommandTerm: (sub) => {
      const operands = sub.registeredArguments.map((argument) =>
        argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      );
      return [sub.name(), ...operands].join(' ');
    },
    optionDescription: (option: Option) =>
      option.defaultValue === undefined || option.defaultValue === false
        ? option.description
        : `${option.description}${zh ? `（默认 ${option.defaultValue}）` : ` (default: ${option.defaultValue})`}`,
  });
  for (const sub of command.commands) localise(sub, language);
}

/** Wrong usage in the user's language, with what to do. */
export function usageMessage(error: CommanderError, language: Language): string {
  const english = error.message.replace(/^error: /, '');
  if (language === 'en') return `${english}\nRemedy: see yibao --help. [${error.code}]\n`;
  const quoted = /'([^']*)'/.exec(english)?.[1] ?? '';
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/s.exec(english)?.[1];
  const messages: Readonly<Record<string, string>> = {
    'commander.unknownOption': `没有选项“${quoted}”`,
    'commander.unknownCommand': `没有命令“${quoted}”`,
    'commander.missingArgument': `缺少参数“${quoted}”`,
    'commander.optionMissingArgument': `选项“${quoted}”需要一个值`,
    'commander.missingMandatoryOptionValue': `必须给出选项“${quoted}”`,
    'commander.excessArguments': '参数太多',
    'commander.help': '缺少命令',
    'commander.invalidArgument': english,
  };
  const message = messages[error.code] ?? english;
  const hint = suggestion ? `；是否想用 ${suggestion}` : '';
  return `${message}${hint}。处理：运行 yibao --help 查看用法。[${error.code}]\n`;
}
