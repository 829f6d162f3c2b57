/**
 * Progress of long work: a bar that redraws itself on a terminal, a line every ten seconds otherwise.
 * It writes to stderr only, so that results on stdout stay clean.
 */
export type Progress = {
  /** Enters a stage; the one before it is finished. `share` of the whole is between 0 and 1. */
  stage(name: string, share: number): void;
  /** Moves within the stage; `share` of the whole is between 0 and 1. */
  update(share: number, detail?: string): void;
  done(): void;
};

export const SILENT: Progress = { stage() {}, update() {}, done() {} };

type Output = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };

const LINE_INTERVAL_MS = 10_000;
const REDRAW_INTERVAL_MS = 100;
const BAR_WIDTH = 28;

/** @param clock milliseconds from any origin */
export function createProgress(
  output: Output = process.stderr,
  clock: () => number = () => performance.now(),
): Progress {
  const started = clock();
  let name = '';
  let share = 0;
  let detail = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let lineAt = started;
  const seconds = () => ((clock() - started) / 1000).toFixed(1);

  function draw(force: boolean): void {
    const now = clock();
    if (output.isTTY) {
      if (!force && now - drawnAt < REDRAW_INTERVAL_MS) return;
      drawnAt = now;
      const filled = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      output.write(
        `\r\x1b[2K${bar} ${String(Math.round(share * 100)).padStart(3)}% ${seconds()}s ${name} ${detail}`,
      );
    } else if (now - lineAt >= LINE_INTERVAL_MS) {
      lineAt = now;
      output.write(`${Math.round(share * 100)}% ${seconds()}s ${name} ${detail}\n`);
    }
  }

  return {
    stage(stageName, stageShare) {
      name = stageName;
      share = stageShare;
      detail = '';
      draw(true);
    },
    update(newShare, newDetail = '') {
      share = Math.min(1, newShare);
      detail = newDetail;
      draw(false);
    },
    done() {
      if (output.isTTY) output.write('\r\x1b[2K');
    },
  };
}
