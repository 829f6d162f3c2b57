import type { Command, CommanderError, Help, Option } from 'commander';
import { usageErrors } from '#cli/errors.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { displayWidth, wrapText } from '#kernel/text-width.ts';

/** commander's own words in its help. */
const CHINESE: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Arguments:': '参数:',
  'Options:': '选项:',
  'Global Options:': '通用选项:',
  'Commands:': '命令:',
};

/** Makes a command and all below it speak the language, and throw instead of exiting. */
export function localise(command: Command, language: Language): void {
  const zh = language === 'zh';
  command
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new YibaoError(usageProblem(error, command));
    })
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: () => {} })
    .helpOption('-h, --help', zh ? '显示帮助' : 'show this help');
  if (command.commands.length > 0) {
    command.helpCommand(
      zh ? 'help [命令]' : 'help [command]',
      zh ? '显示某个命令的帮助' : 'show the help of a command',
    );
  }
  command.configureHelp({
    showGlobalOptions: true,
    displayWidth,
    boxWrap: wrapText,
    visibleGlobalOptions: languageOption,
    styleTitle: (title) => (zh ? (CHINESE[title] ?? title) : title),
    styleUsage: (usage) => (zh ? usage.replace('[options]', '[选项]').replace('[command]', '[命令]') : usage),
    styleCommandDescription: (text) =>
      zh || text.endsWith('.') ? text : `${text[0]!.toUpperCase()}${text.slice(1)}.`,
    subcommandTerm: (sub) => {
      const operands = sub.registeredArguments.map((argument) =>
        argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      );
      return [sub.name(), ...operands].join(' ');
    },
    optionDescription: (option) => {
      const { defaultValue, description, negate } = option;
      const hasDefault =
        defaultValue !== undefined && typeof defaultValue !== 'boolean' && String(defaultValue);
      if (!hasDefault || negate) return description;
      return `${description}${zh ? `（默认 ${defaultValue}）` : ` (default: ${defaultValue})`}`;
    },
  });
  for (const sub of command.commands) localise(sub, language);
}

/** Of the options of the commands above, the one that is good for all: --lang. */
function languageOption(this: Help, command: Command): Option[] {
  const root = command.parent?.parent ?? command.parent;
  return root ? root.options.filter((option) => option.long === '--lang') : [];
}

const DEFINITIONS: Readonly<Record<string, ErrorDefinition>> = {
  'commander.help': usageErrors.noCommand,
  'commander.unknownCommand': usageErrors.unknownCommand,
  'commander.unknownOption': usageErrors.unknownOption,
  'commander.missingArgument': usageErrors.missingArgument,
  'commander.missingMandatoryOptionValue': usageErrors.missingOption,
  'commander.optionMissingArgument': usageErrors.missingOptionValue,
  'commander.excessArguments': usageErrors.tooManyArguments,
};

/** Wrong usage found by commander, as a problem in both languages. Its English message holds what it is about. */
function usageProblem(error: CommanderError, command: Command): Problem {
  const english = error.message.replace(/^error: /, '');
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/s.exec(english)?.[1];
  return {
    definition: DEFINITIONS[error.code] ?? usageErrors.other,
    parameters: {
      command: pathOf(command),
      name: /'([^']*)'/.exec(english)?.[1] ?? '',
      suggestionZh: suggestion === undefined ? '' : `，是否想用 ${suggestion.replaceAll(', ', '、')}`,
      suggestionEn: suggestion === undefined ? '' : `; did you mean ${suggestion}`,
      text: english,
    },
  };
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
