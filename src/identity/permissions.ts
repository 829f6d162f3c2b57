import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Text } from '#kernel/locale.ts';

/** The roles, in the order of the columns of permissions.csv; `nobody` is who has not signed in. */
export const ROLES = [
  'clerk',
  'reviewer',
  'head',
  'hospital',
  'expert',
  'bureau',
  'administrator',
  'person',
] as const;
export type Role = (typeof ROLES)[number];
export type RoleOrNobody = Role | 'nobody';

export const ROLE_TITLES: Readonly<Record<Role, Text>> = {
  clerk: { zh: '经办人员', en: 'agency clerk' },
  reviewer: { zh: '经办复核人员', en: 'agency reviewer' },
  head: { zh: '经办负责人', en: 'agency head' },
  hospital: { zh: '医疗机构用户', en: 'hospital user' },
  expert: { zh: '评审专家', en: 'expert' },
  bureau: { zh: '医保局（只读）', en: 'bureau (read)' },
  administrator: { zh: '系统管理员', en: 'administrator' },
  person: { zh: '参保人', en: 'insured person' },
};

/** `all`: everything of the area; `own`: only the data of the user's own institution or person; `none`: refused. */
export type Reach = 'all' | 'own' | 'none';

const REACH: Readonly<Record<string, Reach>> = { yes: 'all', own: 'own', '-': 'none' };

export type Permissions = {
  readonly actions: readonly string[];
  readonly titles: ReadonlyMap<string, Text>;
  readonly reach: (action: string, role: RoleOrNobody) => Reach;
};

/** Reads the one table of who may do what, `permissions.csv`; a cell that is not yes, own or - is an error. */
export function readPermissions(file = join(import.meta.dirname, 'permissions.csv')): Permissions {
  const rows = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[];
  const table = new Map<string, Readonly<Record<string, Reach>>>();
  for (const row of rows) {
    const action = row.action!;
    if (table.has(action)) throw new Error(`permissions.csv: ${action} stands twice`);
    const cells = (['nobody', ...ROLES] as const).map((role) => {
      const reach = REACH[row[role] ?? ''];
      if (reach === undefined) throw new Error(`permissions.csv: ${action}, ${role}: "${row[role]}"`);
      return [role, reach] as const;
    });
    table.set(action, Object.fromEntries(cells));
  }
  return {
    actions: [...table.keys()],
    titles: new Map(rows.map((row) => [row.action!, { zh: row.zh!, en: row.en! }])),
    reach(action, role) {
      const cells = table.get(action);
      if (cells === undefined) throw new Error(`permissions.csv has no action ${action}`);
      return cells[role]!;
    },
  };
}
