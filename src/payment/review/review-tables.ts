import { amount, filled, type Reader, Table } from '#catalogue/area-tables.ts';
import { optional, points, text } from '#catalogue/case-tables.ts';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { GRANTS, VOTES, type Vote } from './count-votes.ts';
import {
  type DeclaredConflict,
  type Expert,
  PANEL_KINDS,
  type PanelKind,
  type PastSeat,
} from './draw-panel.ts';
import { type Application, codesOf } from './eligibility.ts';
import { reviewErrors } from './errors.ts';

/** A row of special_case_panels.csv: one seat, as `yibao review panel` wrote it. */
export type Seat = PastSeat & {
  readonly row: number;
  readonly seed: string;
  /** of the case, in the order written */
  readonly specialties: readonly string[];
  readonly poolSha256: string;
};

/** The members of a panel, in the order of the file. */
export type RecordedPanel = {
  readonly setlId: string;
  readonly fixmedinsCode: string;
  readonly kind: PanelKind;
  readonly drawnOn: Temporal.PlainDate;
  readonly seed: string;
  readonly specialties: readonly string[];
  readonly poolSha256: string;
  readonly members: readonly string[];
  readonly row: number;
};

export type CastVote = Vote & {
  readonly row: number;
  readonly setlId: string;
  readonly kind: PanelKind;
  readonly votedOn: Temporal.PlainDate;
  readonly reason: string;
};

export type Appeal = {
  readonly row: number;
  readonly setlId: string;
  readonly appealedAt: Temporal.PlainDate;
  readonly text: string;
  readonly evidence: readonly string[];
};

/** The files of the review in an area folder, checked as a whole. */
export type ReviewTables = {
  readonly applications: readonly Application[];
  readonly appeals: readonly Appeal[];
  readonly experts: readonly Expert[];
  readonly conflicts: readonly DeclaredConflict[];
  readonly seats: readonly Seat[];
  /** by `panelKey` */
  readonly panels: ReadonlyMap<string, RecordedPanel>;
  readonly votes: readonly CastVote[];
  /** sha256 of each file read */
  readonly hashes: ReadonlyMap<string, string>;
};

export const REVIEW_FILES = {
  applications: 'special_case_applications.csv',
  appeals: 'special_case_appeals.csv',
  experts: 'experts.csv',
  conflicts: 'expert_conflicts.csv',
  panels: 'special_case_panels.csv',
  votes: 'special_case_votes.csv',
} as const;
export type ReviewFile = keyof typeof REVIEW_FILES;

/** The columns each file must have. */
export const REVIEW_COLUMNS: Readonly<Record<ReviewFile, readonly string[]>> = {
  applications: ['setl_id', 'applied_at', 'reasons', 'specialties', 'text', 'evidence'],
  appeals: ['setl_id', 'appealed_at', 'text', 'evidence'],
  experts: ['expert_code', 'name', 'fixmedins_code', 'specialties', 'active_from', 'active_until'],
  conflicts: ['expert_code', 'fixmedins_code', 'setl_id', 'declared_on', 'until', 'reason'],
  panels: [
    ...['setl_id', 'fixmedins_code', 'kind', 'drawn_on', 'seed', 'specialties'],
    ...['expert_code', 'member_specialties', 'pool_sha256'],
  ],
  votes: ['setl_id', 'kind', 'expert_code', 'voted_on', 'vote', 'decision', 'amount', 'points', 'reason'],
};

/** Where the evidence files of an area lie. */
export const EVIDENCE_FOLDER = 'special_case_evidence';

export const panelKey = (setlId: string, kind: PanelKind): string => `${kind} ${setlId}`;

const date: Reader<Temporal.PlainDate> = {
  read: (value) => {
    try {
      return /^\d{4}-\d\d-\d\d$/.test(value) ? Temporal.PlainDate.from(value) : undefined;
    } catch {
      // no such day, such as 2025-02-30
      return undefined;
    }
  },
  expected: { zh: '日期，写成 YYYY-MM-DD', en: 'a date written YYYY-MM-DD' },
};
const oneOf = <Word extends string>(words: readonly Word[]): Reader<Word> => ({
  read: (value) => words.find((word) => word === value),
  expected: { zh: ` ${words.join('、')} 之一`, en: `one of ${words.join(', ')}` },
});
const codes = (expected: Text): Reader<readonly string[]> => ({
  read: (value) => {
    const list = codesOf(value);
    return list.length === 0 || new Set(list).size < list.length ? undefined : list;
  },
  expected,
});
const reasons = codes({
  zh: '一个或几个理由编码，以 | 分隔，不重复',
  en: 'one or more codes of reasons, joined by |, each once',
});
const specialties = codes({
  zh: '一个或几个专业，以 | 分隔，不重复',
  en: 'one or more specialties, joined by |, each once',
});
const list: Reader<readonly string[]> = { ...text, read: codesOf };
const sha256: Reader<string> = {
  read: (value) => (/^[0-9a-f]{64}$/.test(value) ? value : undefined),
  expected: { zh: ' 64 位十六进制的哈希', en: 'a hash of 64 hexadecimal digits' },
};

const isSafePath = (path: string): boolean =>
  !/^[/\\]|^[A-Za-z]:|\\/.test(path) && !path.split('/').some((part) => part === '..' || part === '');

/**
 * Reads the files of the review; each may be missing. Everything wrong with all of them is reported together.
 * @throws YibaoError with file, row, field, value and remedy of each problem
 */
export function readReviewTables(areaFolder: string): ReviewTables {
  const problems: Problem[] = [];
  const hashes = new Map<string, string>();
  const open = (name: ReviewFile) =>
    new Table(areaFolder, REVIEW_FILES[name], REVIEW_COLUMNS[name], false, problems, hashes);
  const problem = (
    name: ReviewFile,
    definition: ErrorDefinition,
    place: { readonly row: number; readonly field: string; readonly value: string },
    parameters: Readonly<Record<string, string>> = {},
  ) => problems.push({ definition, file: REVIEW_FILES[name], ...place, parameters });
  const checkEvidence = (
    { evidence }: { readonly evidence: readonly string[] },
    report: (definition: ErrorDefinition, field: string, value: string) => void,
  ) => {
    for (const path of evidence) {
      if (!isSafePath(path)) report(reviewErrors.badEvidencePath, 'evidence', path);
    }
  };

  const applications = open('applications').records(
    (field, row): Application => ({
      row,
      setlId: field('setl_id', filled),
      appliedAt: field('applied_at', date),
      reasons: field('reasons', reasons),
      specialties: field('specialties', specialties),
      text: field('text', filled),
      evidence: field('evidence', list),
    }),
    { key: ['setl_id'], check: checkEvidence },
  );
  const applied = new Set(applications.map(({ setlId }) => setlId));
  const appeals = open('appeals').records(
    (field, row): Appeal => ({
      row,
      setlId: field('setl_id', filled),
      appealedAt: field('appealed_at', date),
      text: field('text', filled),
      evidence: field('evidence', list),
    }),
    {
      key: ['setl_id'],
      check: (appeal, report) => {
        checkEvidence(appeal, report);
        if (!applied.has(appeal.setlId)) report(reviewErrors.noApplication, 'setl_id', appeal.setlId);
      },
    },
  );
  const expertTable = open('experts');
  const experts = expertTable.records(
    (field): Expert => ({
      code: field('expert_code', filled),
      name: field('name', filled),
      institutions: field('fixmedins_code', list),
      specialties: field('specialties', specialties),
      activeFrom: field('active_from', date),
      activeUntil: field('active_until', optional(date)) ?? undefined,
    }),
    {
      key: ['expert_code'],
      check: ({ activeFrom, activeUntil }, report) => {
        if (activeUntil !== undefined && Temporal.PlainDate.compare(activeUntil, activeFrom) < 0) {
          report(reviewErrors.endsBeforeStart, 'active_until', activeUntil.toString());
        }
      },
    },
  );
  const known = new Set(experts.map(({ code }) => code));
  const isUnknown = (code: string) => !known.has(code) && !expertTable.broken;
  const conflicts = open('conflicts').records(
    (field): DeclaredConflict => ({
      expertCode: field('expert_code', filled),
      fixmedinsCode: field('fixmedins_code', optional(filled)) ?? undefined,
      setlId: field('setl_id', optional(filled)) ?? undefined,
      declaredOn: field('declared_on', date),
      until: field('until', optional(date)) ?? undefined,
    }),
    {
      check: ({ expertCode, fixmedinsCode, setlId, declaredOn, until }, report) => {
        if (isUnknown(expertCode)) report(reviewErrors.unknownExpert, 'expert_code', expertCode);
        if ((fixmedinsCode === undefined) === (setlId === undefined)) {
          report(reviewErrors.institutionOrCase, 'fixmedins_code', fixmedinsCode ?? '');
        }
        if (until !== undefined && Temporal.PlainDate.compare(until, declaredOn) < 0) {
          report(reviewErrors.endsBeforeStart, 'until', until.toString());
        }
      },
    },
  );
  const panelTable = open('panels');
  const seats = panelTable.records(
    (field, row): Seat => ({
      row,
      setlId: field('setl_id', filled),
      fixmedinsCode: field('fixmedins_code', filled),
      kind: field('kind', oneOf(PANEL_KINDS)),
      drawnOn: field('drawn_on', date),
      seed: field('seed', filled),
      specialties: field('specialties', specialties),
      expertCode: field('expert_code', filled),
      poolSha256: field('pool_sha256', sha256),
    }),
    {
      key: ['setl_id', 'kind', 'expert_code'],
      check: ({ expertCode }, report) => {
        if (isUnknown(expertCode)) report(reviewErrors.unknownExpert, 'expert_code', expertCode);
      },
    },
  );
  const panels = panelsOf(seats, (row, field, value) =>
    problem('panels', reviewErrors.panelUneven, { row, field, value }, { column: field }),
  );
  const votes = open('votes').records(
    (field, row): CastVote => ({
      row,
      setlId: field('setl_id', filled),
      kind: field('kind', oneOf(PANEL_KINDS)),
      expertCode: field('expert_code', filled),
      votedOn: field('voted_on', date),
      vote: field('vote', oneOf(VOTES)),
      grant: field('decision', optional(oneOf(GRANTS))) ?? undefined,
      amountFen: field('amount', optional(amount)) ?? undefined,
      points4: field('points', optional(points)) ?? undefined,
      reason: field('reason', text),
    }),
    { key: ['setl_id', 'kind', 'expert_code'] },
  );
  for (const vote of votes) {
    const { row, setlId, expertCode } = vote;
    for (const column of wrongColumns(vote)) {
      problem('votes', reviewErrors.voteNeeds, { row, field: column, value: vote.vote }, { column });
    }
    if (panelTable.broken) continue;
    const panel = panels.get(panelKey(setlId, vote.kind));
    if (!panel?.members.includes(expertCode)) {
      problem('votes', reviewErrors.notAMember, { row, field: 'expert_code', value: expertCode });
    } else if (Temporal.PlainDate.compare(vote.votedOn, panel.drawnOn) < 0) {
      const value = vote.votedOn.toString();
      const parameters = { drawnOn: panel.drawnOn.toString() };
      problem('votes', reviewErrors.votedBeforeDrawn, { row, field: 'voted_on', value }, parameters);
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return { applications, appeals, experts, conflicts, seats, panels, votes, hashes };
}

/** The rows of one panel must say the same of it. */
function panelsOf(
  seats: readonly Seat[],
  report: (row: number, field: string, value: string) => void,
): Map<string, RecordedPanel> {
  const panels = new Map<string, RecordedPanel>();
  for (const [key, own] of Map.groupBy(seats, (seat) => panelKey(seat.setlId, seat.kind))) {
    const first = own[0]!;
    for (const seat of own) {
      for (const [field, of] of Object.entries(PANEL_FIELDS)) {
        if (of(seat) !== of(first)) report(seat.row, field, of(seat));
      }
    }
    panels.set(key, { ...first, members: own.map(({ expertCode }) => expertCode) });
  }
  return panels;
}
const PANEL_FIELDS: Readonly<Record<string, (seat: Seat) => string>> = {
  fixmedins_code: (seat) => seat.fixmedinsCode,
  drawn_on: (seat) => seat.drawnOn.toString(),
  seed: (seat) => seat.seed,
  specialties: (seat) => seat.specialties.join('|'),
  pool_sha256: (seat) => seat.poolSha256,
};

/** The columns that a vote of its kind must not have, or lacks. */
function wrongColumns({ vote, grant, amountFen, points4 }: CastVote): string[] {
  const passes = vote === 'pass';
  return [
    ...((grant !== undefined) === passes ? [] : ['decision']),
    ...((amountFen !== undefined) === (passes && grant === 'amount') ? [] : ['amount']),
    ...((points4 !== undefined) === (passes && grant === 'points') ? [] : ['points']),
  ];
}
