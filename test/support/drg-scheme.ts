import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A scheme of one MDC whose group `codes[i]` takes the principal diagnosis `Di`. */
export function writeDrgScheme(folder: string, codes: readonly string[]): void {
  const adrgs = [...Map.groupBy(codes, (code) => code.slice(0, 3))];
  const steps = adrgs.flatMap(([adrg, own]) => [
    `adrg,MDCX,${adrg},principal_diagnosis in @${adrg}`,
    ...own.map((code) => `drg,MDCX,${code},principal_diagnosis in @${code}`),
  ]);
  const lists = codes.flatMap((code, index) =>
    ['ALL', code.slice(0, 3), code].map((list) => `${list},D${index},`),
  );
  const files: Readonly<Record<string, readonly string[]>> = {
    'steps.csv': [
      'seq,level,mdc,code,condition',
      '1,mdc,MDCX,MDCX,principal_diagnosis in @ALL',
      ...steps.map((step, index) => `${index + 2},${step}`),
    ],
    'lists.csv': ['list,code,part', ...lists.toSorted()],
    'groups.csv': ['drg,name', ...codes.map((code) => `${code},${code}`)],
    'mcc.csv': ['code,exclusion_list'],
    'cc.csv': ['code,exclusion_list'],
    'exclusions.csv': ['principal_diagnosis,exclusion_list'],
    'valid_procedures.csv': ['code', '47.0100'],
  };
  mkdirSync(folder);
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
}
