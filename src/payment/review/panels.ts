import { YibaoError } from '#kernel/errors.ts';
import { drawPanel, type NoPanel, type Panel, type PanelKind, type PanelQuestion } from './draw-panel.ts';
import { reviewErrors } from './errors.ts';
import { panelResult } from './panel-result.ts';
import {
  panelKey,
  REVIEW_COLUMNS,
  REVIEW_FILES,
  type RecordedPanel,
  type ReviewTables,
} from './review-tables.ts';
import type { HeardApplication, ReviewYear } from './review-year.ts';

export type DrawRequest = {
  readonly kind: PanelKind;
  readonly drawnOn: Temporal.PlainDate;
  readonly seed: string;
};

/** Why an application or appeal gets no panel in this drawing although it is on file. */
export type NotDrawn =
  | 'not-eligible'
  | 'has-panel'
  | 'not-yet'
  | 'first-not-decided'
  | 'before-decision'
  | 'too-late';

export type Drawing = {
  readonly request: DrawRequest;
  readonly drawn: readonly { readonly question: PanelQuestion; readonly panel: Panel }[];
  readonly refused: readonly { readonly question: PanelQuestion; readonly refusal: NoPanel }[];
  readonly notDrawn: readonly { readonly setlId: string; readonly reason: NotDrawn }[];
};

const { compare } = Temporal.PlainDate;

/**
 * Draws a panel for every eligible application, or appeal, that has none.
 * @throws YibaoError without experts, or when a later drawing is on file
 */
export function drawPanels(review: ReviewYear, request: DrawRequest): Drawing {
  const { tables, rules } = review;
  if (!tables.hashes.has(REVIEW_FILES.experts)) {
    throw new YibaoError({
      definition: reviewErrors.noExperts,
      file: REVIEW_FILES.experts,
      parameters: { columns: REVIEW_COLUMNS.experts.join(',') },
    });
  }
  checkDate(tables, request);
  const drawn: { question: PanelQuestion; panel: Panel }[] = [];
  const refused: { question: PanelQuestion; refusal: NoPanel }[] = [];
  const notDrawn: { setlId: string; reason: NotDrawn }[] = [];
  const appealed = new Set(tables.appeals.map(({ setlId }) => setlId));
  for (const heard of review.applications) {
    const { setlId, fixmedinsCode } = heard.of;
    if (request.kind === 'appeal' && !appealed.has(setlId)) continue;
    const reason = notDrawnBecause(review, heard, request);
    if (reason !== undefined) {
      notDrawn.push({ setlId, reason });
      continue;
    }
    const question = { ...request, setlId, fixmedinsCode, specialties: heard.application.specialties };
    const panel = drawPanel(tables.experts, question, rules.panel, tables.conflicts, tables.seats);
    if ('refused' in panel) refused.push({ question, refusal: panel });
    else drawn.push({ question, panel });
  }
  return { request, drawn, refused, notDrawn };
}

function checkDate({ seats }: ReviewTables, { drawnOn }: DrawRequest): void {
  const latest = seats
    .map((seat) => seat.drawnOn)
    .toSorted(compare)
    .at(-1);
  if (latest === undefined || compare(latest, drawnOn) <= 0) return;
  throw new YibaoError({
    definition: reviewErrors.panelDrawnAlready,
    file: REVIEW_FILES.panels,
    field: 'drawn_on',
    parameters: { date: drawnOn.toString(), latest: latest.toString() },
  });
}

function notDrawnBecause(
  review: ReviewYear,
  heard: HeardApplication,
  { kind, drawnOn }: DrawRequest,
): NotDrawn | undefined {
  const { setlId } = heard.of;
  if (!heard.eligibility.eligible) return 'not-eligible';
  if (review.tables.panels.has(panelKey(setlId, kind))) return 'has-panel';
  if (kind === 'first') return compare(heard.application.appliedAt, drawnOn) > 0 ? 'not-yet' : undefined;
  const appeal = review.tables.appeals.find((each) => each.setlId === setlId)!;
  if (compare(appeal.appealedAt, drawnOn) > 0) return 'not-yet';
  const first = panelResult(review, setlId, 'first');
  if (first === undefined || first.result.outcome === 'undecided') return 'first-not-decided';
  const days = appeal.appealedAt.since(first.decidedOn!, { largestUnit: 'day' }).days;
  if (days < 0) return 'before-decision';
  return days > review.rules.appealDays ? 'too-late' : undefined;
}

/** How a panel on file compares with its draw made again from register, conflicts and earlier panels. */
export type PanelCheck = {
  readonly panel: RecordedPanel;
  readonly status: 'same' | 'differs' | 'no-lawful-panel' | 'application-changed';
  /** members a draw made again gives; empty where none is lawful */
  readonly expected: readonly string[];
  /** the register, conflicts or earlier panels are no longer those of the draw */
  readonly samePool: boolean;
  /** members who declared, after the draw, a conflict with the institution or the case */
  readonly conflictSince: readonly string[];
};

/** Draws each panel on file again, in the order of setl_id and kind. */
export function verifyPanels(review: ReviewYear): PanelCheck[] {
  const cases = new Map(review.applications.map((heard) => [heard.of.setlId, heard]));
  return [...review.tables.panels.values()]
    .toSorted((a, b) =>
      a.setlId === b.setlId ? (a.kind === 'first' ? -1 : 1) : a.setlId < b.setlId ? -1 : 1,
    )
    .map((panel) => checkPanel(review, panel, cases.get(panel.setlId)));
}

export function checkPanel(
  { tables, rules }: ReviewYear,
  panel: RecordedPanel,
  heard: HeardApplication | undefined,
): PanelCheck {
  const { experts, conflicts, seats } = tables;
  const again = drawPanel(experts, panel, rules.panel, conflicts, seats);
  const expected = 'refused' in again ? [] : again.members.map(({ expertCode }) => expertCode);
  const sorted = (codes: readonly string[]) => codes.toSorted().join('|');
  const changed =
    heard !== undefined &&
    (heard.of.fixmedinsCode !== panel.fixmedinsCode ||
      sorted(heard.application.specialties) !== sorted(panel.specialties));
  const conflictSince = panel.members.filter((code) =>
    conflicts.some(
      ({ expertCode, fixmedinsCode, setlId, declaredOn, until }) =>
        expertCode === code &&
        (fixmedinsCode === panel.fixmedinsCode || setlId === panel.setlId) &&
        compare(declaredOn, panel.drawnOn) > 0 &&
        (until === undefined || compare(until, panel.drawnOn) >= 0),
    ),
  );
  const status = changed
    ? 'application-changed'
    : 'refused' in again
      ? 'no-lawful-panel'
      : sorted(expected) === sorted(panel.members)
        ? 'same'
        : 'differs';
  const samePool = !('refused' in again) && again.poolSha256 === panel.poolSha256;
  return { panel, status, expected, samePool, conflictSince };
}
