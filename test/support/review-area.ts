import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AreaFolder, smallLists } from './area-folder.ts';

/** The cases of the payment year of the small area, dearest first. */
export const dearestCases = (): readonly { readonly setlId: string; readonly institution: string }[] =>
  smallLists()
    .filter((list) => list.setl_id!.startsWith('2025'))
    .toSorted(
      (a, b) => Number(b.medfee_sumamt) - Number(a.medfee_sumamt) || (a.setl_id! < b.setl_id! ? -1 : 1),
    )
    .map((list) => ({ setlId: list.setl_id!, institution: list.fixmedins_code! }));

export const SPECIALTIES = ['cardiology', 'neurology', 'surgery'] as const;

export const EXPERTS_HEADER = 'expert_code,name,fixmedins_code,specialties,active_from,active_until';
export const VOTES_HEADER = 'setl_id,kind,expert_code,voted_on,vote,decision,amount,points,reason';

/** A small area of four institutions with applications for its dearest cases and a register of experts. */
export class ReviewArea extends AreaFolder {
  readonly cases: readonly { readonly setlId: string; readonly institution: string }[];

  constructor(path: string, applications = 6) {
    super(path);
    this.cases = dearestCases().slice(0, applications);
    this.policy({ 'special_case.quota': ['ratio', '0.1'], 'review.publication_minimum': ['cases', '3'] });
    this.write(
      'special_case_applications.csv',
      [
        'setl_id,applied_at,reasons,specialties,text,evidence',
        ...this.cases.map(({ setlId }, index) =>
          [
            setlId,
            `2026-01-${String(10 + index)}`,
            index % 2 === 0 ? 'critical' : 'critical|multi-discipline',
            index % 2 === 0 ? 'cardiology' : 'cardiology|surgery',
            '"重症，多次抢救"',
            `${setlId}.pdf`,
          ].join(','),
        ),
        '',
      ].join('\n'),
    );
    mkdirSync(join(path, 'special_case_evidence'), { recursive: true });
    for (const { setlId } of this.cases) {
      writeFileSync(join(path, 'special_case_evidence', `${setlId}.pdf`), `evidence of ${setlId}`);
    }
    this.write(
      'experts.csv',
      [
        EXPERTS_HEADER,
        ...Array.from({ length: 24 }, (_, index) =>
          [
            `E${String(index + 1).padStart(3, '0')}`,
            `专家${index + 1}`,
            ['H0001', 'H0002', 'H0004', ''][index % 4],
            index % 5 === 0 ? 'cardiology|surgery' : SPECIALTIES[index % 3],
            '2020-01-01',
            index === 23 ? '2024-12-31' : '',
          ].join(','),
        ),
        '',
      ].join('\n'),
    );
  }

  /** Overrides of area.yaml: unit and value by parameter. */
  policy(values: Readonly<Record<string, readonly [unit: string, value: string]>>): void {
    const lines = Object.entries(values).map(
      ([name, [unit, value]]) =>
        `  ${name}:\n    unit: ${unit}\n    values:\n      2025-01-01: {value: "${value}", from: local-2025, article: 第五条}\n`,
    );
    this.append('area.yaml', lines.join(''));
  }

  /** Every member of the panels on file votes to pass at the cost of the case, but for those whom `vote` has other words. */
  vote(vote: (setlId: string, kind: string, place: number) => string = () => 'pass,cost,,,'): void {
    const rows = this.read('special_case_panels.csv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const places = new Map<string, number>();
    const lines = rows.map(([setlId, , kind, drawnOn, , , expert]) => {
      const place = places.get(`${kind} ${setlId}`) ?? 0;
      places.set(`${kind} ${setlId}`, place + 1);
      const day = kind === 'first' ? '2026-03-01' : '2026-04-01';
      return `${setlId},${kind},${expert},${drawnOn! > day ? drawnOn : day},${vote(setlId!, kind!, place)}`;
    });
    this.write('special_case_votes.csv', `${[VOTES_HEADER, ...lines].join('\n')}\n`);
  }
}

export const CHINESE_TEXT = /[㐀-鿿]/;
