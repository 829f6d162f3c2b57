import { countVotes, type VoteResult } from './count-votes.ts';
import type { PanelKind } from './draw-panel.ts';
import { type CastVote, panelKey, type RecordedPanel } from './review-tables.ts';
import type { ReviewYear } from './review-year.ts';

export type PanelResult = {
  readonly panel: RecordedPanel;
  readonly votes: readonly CastVote[];
  readonly result: VoteResult;
  /** day of the last vote; undefined before any */
  readonly decidedOn: Temporal.PlainDate | undefined;
};

/** What the panel of a case on file has decided by its votes; undefined: it has no such panel. */
export function panelResult(
  { tables, rules }: ReviewYear,
  setlId: string,
  kind: PanelKind,
): PanelResult | undefined {
  const panel = tables.panels.get(panelKey(setlId, kind));
  if (panel === undefined) return undefined;
  const votes = tables.votes
    .filter((vote) => vote.setlId === setlId && vote.kind === kind)
    .toSorted((a, b) => (a.expertCode < b.expertCode ? -1 : 1));
  return {
    panel,
    votes,
    result: countVotes(panel.members.length, votes, rules.votes),
    decidedOn: votes
      .map(({ votedOn }) => votedOn)
      .toSorted(Temporal.PlainDate.compare)
      .at(-1),
  };
}
