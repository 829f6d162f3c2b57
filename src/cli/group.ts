import type { Command } from 'commander';
import { addGroupDipCommand } from '#cli/group-dip.ts';
import { addGroupDrgCommand } from '#cli/group-drg.ts';
import type { Language } from '#kernel/locale.ts';

/** `yibao group …`: grouping of a file of cases, outside any settlement. One line per payment method. */
export function addGroupCommand(program: Command, language: Language): void {
  const group = program
    .command('group')
    .description(
      language === 'zh'
        ? '给一个文件里的病例分组，不结算'
        : 'group the cases of a file, without settling anything',
    );
  addGroupDipCommand(group, language);
  addGroupDrgCommand(group, language);
}
