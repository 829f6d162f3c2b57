/**
 * The console on a large year: `npm run bench:pages [-- lists]` starts the service as `npm start` does (600,000 lists without a
 * number, in a data folder that goes afterwards), asks what every page of the console asks, with other filters, orders and pages
 * each time, and opens the overview in a browser that has never seen it. Floors of the same run: the smallest answer of the
 * service, and DuckDB answering the query of a page of cases on the same file. Processor time is said beside the clock: on a
 * machine shared with other work the clock says little.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeptTables } from '#engine/kept-tables.ts';
import { KEPT_FILE, runFolder } from '#workflow/run-folder.ts';
import { launchBrowser } from '../test/support/browser.ts';

const lists = Number(process.argv[2] ?? 600_000);
const REQUESTS = 50;
const BROWSERS = 5;
/** Of the demo users on this computer; docs/guides/run-the-service.md */
const PASSWORD = 'demo-yibao-2025';
/** Clock ticks of /proc: a hundred a second on Linux. */
const TICK_MILLISECONDS = 10;

const data = mkdtempSync(join(tmpdir(), 'yibao-bench-pages-'));
const port = await new Promise<number>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address() as { port: number };
    server.close(() => resolve(free));
  });
});
const address = `http://127.0.0.1:${port}`;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The service, its year settled, and the one-time password of `admin`. */
async function startDemo(): Promise<{ readonly service: ChildProcess; readonly oneTimePassword: string }> {
  const yibao = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
  const options = ['--demo', '--demo-lists', String(lists), '--data', data, '--port', String(port)];
  const service = spawn(process.execPath, [yibao, '--lang', 'zh', 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    service.stdout!.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('演示年度已结算')) resolve();
    });
    service.on('exit', () => reject(new Error(`the service ended: ${said}`)));
  });
  return { service, oneTimePassword: /admin \/ ([^（\s]+)/.exec(said)![1]! };
}

/** Processor time of a process and of those it has started. */
function processorMilliseconds(pid: number): number {
  const of = (id: number) => {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MILLISECONDS;
  };
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return of(pid) + children.reduce((all, child) => all + of(child), 0);
}

type Cookie = { readonly name: string; readonly value: string; readonly token: string };

async function signIn(login: string, password: string): Promise<Cookie> {
  const answer = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const [name, value] = answer.headers.getSetCookie()[0]!.split(';')[0]!.split('=') as [string, string];
  const { csrfToken: token } = (await answer.json()) as { csrfToken: string };
  return { name, value, token };
}

const percentile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(share * times.length))]!;

type Timed = { readonly p50: number; readonly p99: number; readonly processor: number };

async function timed(count: number, pid: number, work: (at: number) => Promise<unknown>): Promise<Timed> {
  const times: number[] = [];
  const before = processorMilliseconds(pid);
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    await work(at);
    times.push(performance.now() - started);
  }
  const processor = (processorMilliseconds(pid) - before) / count;
  times.sort((a, b) => a - b);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), processor };
}

const row = (name: string, { p50, p99, processor }: Timed) =>
  say(`${name.padEnd(40)} ${[p50, p99, processor].map((ms) => ms.toFixed(0).padStart(6)).join('  ')}`);

/** The pages with a table: address, columns to sort by, and filters to combine. */
const TABLES: readonly {
  readonly path: string;
  readonly login: 'head' | 'admin';
  readonly sorts: readonly string[];
  readonly filters: readonly string[];
}[] = [
  {
    path: '/api/runs/1/cases',
    login: 'head',
    sorts: ['cost_fen', '-cost_fen', '-points4', 'group_code', 'setl_id', 'month'],
    filters: [
      '',
      'month=2025-03',
      'kind=core',
      'deviation=high',
      'group_code=I',
      'fixmedins_code=H99010100001',
    ],
  },
  {
    path: '/api/runs/1/groups',
    login: 'head',
    sorts: ['-cases', 'score4', '-mean_cost_fen', 'group_code'],
    filters: ['', 'kind=core', 'group_code=J', 'name=%E7%82%8E'],
  },
  {
    path: '/api/runs/1/institutions',
    login: 'head',
    sorts: ['-cost_fen', 'points4', '-result_fen', 'name'],
    filters: ['', 'insutype=390', 'level=3', 'fixmedins_code=H9901'],
  },
  {
    path: '/api/runs/1/months',
    login: 'head',
    sorts: ['-paid_fen', 'month', '-points4'],
    filters: ['', 'month=2025-06', 'insutype=310', 'fixmedins_code=H99010100001'],
  },
  {
    path: '/api/runs/1/refused',
    login: 'head',
    sorts: ['file', '-row_no', 'setl_id'],
    filters: ['', 'setl_id=S'],
  },
  {
    path: '/api/runs/1/parameters',
    login: 'head',
    sorts: ['parameter', '-effective_from'],
    filters: ['', 'parameter=deviation', 'layer=national'],
  },
  { path: '/api/runs/1/simulations', login: 'head', sorts: ['title', '-createdAt'], filters: [''] },
  { path: '/api/approvals', login: 'head', sorts: ['-updatedAt', 'subject'], filters: ['', 'kind=month'] },
  { path: '/api/uploaded-lists', login: 'head', sorts: ['-changed_at', 'setl_id'], filters: [''] },
  { path: '/api/jobs', login: 'head', sorts: ['-id'], filters: ['', 'state=done'] },
  { path: '/api/audit', login: 'head', sorts: ['-number'], filters: ['', 'outcome=done'] },
  { path: '/api/users', login: 'admin', sorts: ['login', '-role'], filters: ['', 'role=head'] },
];
const SIZES = [20, 50, 200];
const PAGES = [1, 2, 7];

const { service, oneTimePassword } = await startDemo();
const pid = service.pid!;
try {
  const first = await signIn('admin', oneTimePassword);
  const newPassword = `${oneTimePassword}-bench`;
  const changed = await fetch(`${address}/api/session/password`, {
    method: 'PUT',
    headers: {
      cookie: `${first.name}=${first.value}`,
      'x-csrf-token': first.token,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ oldPassword: oneTimePassword, newPassword }),
  });
  if (!changed.ok) throw new Error(await changed.text());
  const cookies = { head: await signIn('head', PASSWORD), admin: await signIn('admin', newPassword) };
  const read = async (path: string, login: 'head' | 'admin' = 'head') => {
    const { name, value } = cookies[login];
    const answer = await fetch(address + path, { headers: { cookie: `${name}=${value}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${text}`);
    return text;
  };
  const rowsOf = async (path: string) =>
    (JSON.parse(await read(path)) as { rows: Record<string, string>[] }).rows;

  say(`${lists} lists, load ${loadavg()[0]!.toFixed(1)}\n`);
  say(`${'milliseconds'.padEnd(40)} ${['p50', 'p99', 'cpu'].map((head) => head.padStart(6)).join('  ')}`);
  const cases = (
    await Promise.all([1, 3, 5, 7, 9].map((page) => rowsOf(`/api/runs/1/cases?size=10&page=${page}`)))
  ).flat();
  const explanation = (at: number) => read(`/api/runs/1/cases/${cases[at]!.setl_id}/explanation`);
  row('…/cases/:setlId/explanation, the first', await timed(1, pid, explanation));
  row('floor: /health/live', await timed(REQUESTS, pid, () => read('/health/live')));
  const engine = await openKeptTables(join(runFolder(data, 1), KEPT_FILE));
  const query = `SELECT setl_id, fixmedins_code, group_code, cost_fen, points4 FROM case_result WHERE month = '2025-03'
    ORDER BY cost_fen DESC, setl_id LIMIT 20`;
  row('floor: DuckDB, one page of cases', await timed(REQUESTS, process.pid, () => engine.rows(query)));
  engine.close();

  for (const { path, login, sorts, filters } of TABLES) {
    const asked = (at: number) => {
      const filter = filters[at % filters.length]!;
      // page 7 of a filtered list may be empty: that is an answer, too
      const page = PAGES[Math.floor(at / filters.length) % PAGES.length]!;
      const sort = sorts[(at * 7) % sorts.length]!;
      return `${path}?size=${SIZES[at % SIZES.length]}&page=${page}&sort=${sort}${filter ? `&${filter}` : ''}`;
    };
    row(path, await timed(REQUESTS, pid, (at) => read(asked(at), login)));
  }
  row('/api/runs/1/overview', await timed(REQUESTS, pid, () => read('/api/runs/1/overview')));

  const groups = await rowsOf(`/api/runs/1/groups?size=${REQUESTS}`);
  const one = (path: string, column: string, rows: readonly Record<string, string>[]) => (at: number) =>
    read(`${path}/${encodeURIComponent(rows[at % rows.length]![column]!)}`);
  row(
    '/api/runs/1/groups/:group',
    await timed(REQUESTS, pid, one('/api/runs/1/groups', 'group_code', groups)),
  );
  const institutions = await rowsOf(`/api/runs/1/institutions?size=${REQUESTS}`);
  row(
    '/api/runs/1/institutions/:code',
    await timed(REQUESTS, pid, one('/api/runs/1/institutions', 'fixmedins_code', institutions)),
  );

  row('…/cases/:setlId/explanation', await timed(REQUESTS - 1, pid, (at) => explanation(at + 1)));

  say('\nThe overview in a browser of its own each time, milliseconds from the address to it:');
  const paints: Record<string, number[]> = { 'first paint': [], 'first figures shown': [] };
  for (let at = 0; at < BROWSERS; at++) {
    const browser = await launchBrowser();
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const { name, value } = cookies.head;
    await context.addCookies([{ name, value, url: address }]);
    const page = await context.newPage();
    await page.goto(`${address}/overview`, { waitUntil: 'commit' });
    await page.getByText('各月点值（观察值）').waitFor();
    const shown = await page.evaluate(() => performance.now());
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
    );
    paints['first paint']!.push(paint);
    paints['first figures shown']!.push(shown);
    await browser.close();
  }
  for (const [name, times] of Object.entries(paints)) {
    times.sort((a, b) => a - b);
    say(
      `${name.padEnd(40)} best ${times[0]!.toFixed(0)}, median ${percentile(times, 0.5).toFixed(0)}, slowest ${times.at(-1)!.toFixed(0)}`,
    );
  }
  say(`\nload ${loadavg()[0]!.toFixed(1)}`);
} finally {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}
