// What was measured, as medians of ratios that were paired: ours to another one's in the same case of the same round.

import { many } from './measure.mjs';
import { workloads } from './workloads.mjs';

/** How many times the throughput of the others it has to be (issue 9). */
const bounds = {
  postgraphile: { W1: 2.5, W2: 2, W3: 2.2, W4: 1.8, mixed: 1 },
  mercurius: { W1: 2.5, W2: 1.5, W3: 1.8, W4: 1.1 },
  floor: { W1: 0.6 },
};
/** With one connection it may never be behind this one. */
const neverBehind = { postgraphile: 1 };
/** How many statements a request may take that is alone. */
const mostStatements = { W1: 3, W2: 1, W3: 1, W4: 2 };

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

const boundFor = (other, { workload, connections }) =>
  connections === many ? bounds[other]?.[workload] : neverBehind[other];

/** Each figure of each server in each case: the median of the rounds. */
export function summarize(results, counts, cases, servers) {
  return cases.flatMap((given) =>
    servers.map((server) => {
      const own = results.filter((result) => isOf(result, given) && result.server === server);
      const of = (figure) => median(own.map((result) => result[figure]));
      const statements = counts.find((count) => isOf(count, given) && count.server === server)?.statements;
      return {
        ...given,
        server,
        perSecond: of('perSecond'),
        p50: of('p50'),
        p99: of('p99'),
        cpuMs: of('cpuMs'),
        databaseCpuMs: of('databaseCpuMs'),
        residentMb: of('residentMb'),
        statements,
        wrong: own.reduce((sum, { wrong }) => sum + wrong, 0),
      };
    }),
  );
}

/** Ours to each other one's, and whether that is enough. */
export function ratiosOf(results, cases, others) {
  return cases.flatMap((given) =>
    others.map((other) => {
      const rates = (server) => results.filter((result) => isOf(result, given) && result.server === server);
      const theirs = new Map(rates(other).map(({ round, perSecond }) => [round, perSecond]));
      const ratios = rates('gateway').map(({ round, perSecond }) => perSecond / theirs.get(round));
      const bound = boundFor(other, given);
      const ratio = median(ratios);
      return {
        ...given,
        other,
        ratio,
        least: Math.min(...ratios),
        most: Math.max(...ratios),
        bound,
        met: !(ratio < bound),
      };
    }),
  );
}

/** Whether a request of ours that is alone takes no more statements than it may. */
export function statementChecks(counts) {
  return counts
    .filter(
      ({ server, connections, workload }) => server === 'gateway' && connections === 1 && mostStatements[workload],
    )
    .map(({ workload, statements }) => {
      const bound = mostStatements[workload];
      // Now and then a statement of the gateway's own falls among those of the requests.
      return { workload, statements, bound, met: statements < bound + 0.05 };
    });
}

function isOf({ workload, connections }, given) {
  return workload === given.workload && connections === given.connections;
}

const titleOf = ({ workload, connections }) =>
  `${workload} ${workloads[workload]?.title ?? 'all four'}, ${connections} connection${connections === 1 ? '' : 's'}`;
const fixed = (digits) => (value) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const verdict = ({ bound, met }) => (bound === undefined ? '' : `${met ? 'met' : 'NOT MET'} (${bound}×)`);

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, n) => (n ? cell.padStart(widths[n]) : cell.padEnd(widths[n]))).join('  '))
    .join('\n');
}

/** One line while it is measured. */
export function progressLine(round, given, results) {
  const rates = results.map(
    ({ server, perSecond, wrong }) => `${server} ${fixed(0)(perSecond)}${wrong ? ` (${wrong} WRONG)` : ''}`,
  );
  return `round ${round + 1}, ${titleOf(given)}: ${rates.join(', ')}`;
}

/** Everything as text. */
export function reportText({ summary, ratios, statements, startUps, cases }) {
  const parts = cases.map((given) => {
    const head = [
      titleOf(given),
      'req/s',
      'p50 ms',
      'p99 ms',
      'SQL/req',
      'CPU ms/req',
      'of database',
      'MB',
      'wrong',
      'ours to it',
      'rounds',
      '',
    ];
    const rows = summary
      .filter((line) => isOf(line, given))
      .map((line) => {
        const ratio = ratios.find((found) => isOf(found, given) && found.other === line.server);
        return [
          line.server,
          fixed(0)(line.perSecond),
          fixed(2)(line.p50),
          fixed(2)(line.p99),
          fixed(2)(line.statements),
          fixed(3)(line.cpuMs),
          fixed(3)(line.databaseCpuMs),
          fixed(0)(line.residentMb),
          String(line.wrong),
          ratio ? `${fixed(2)(ratio.ratio)}×` : '',
          ratio ? `${fixed(2)(ratio.least)}–${fixed(2)(ratio.most)}` : '',
          ratio ? verdict(ratio) : '',
        ];
      });
    return table([head, ...rows]);
  });
  parts.push(statementsText(statements), startUpText(startUps));
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function statementsText(statements) {
  const rows = statements.map(({ workload, statements: count, bound, met }) => [
    workload,
    fixed(2)(count),
    `${met ? 'met' : 'NOT MET'} (${bound})`,
  ]);
  return rows.length === 0 ? '' : table([['statements of ours, alone', 'SQL/req', ''], ...rows]);
}

/** How many statements each server sends for a request, alone and among many. */
export function countsText(counts, servers) {
  const workloadsOf = [...new Set(counts.map(({ workload }) => workload))];
  const rows = workloadsOf.flatMap((workload) =>
    [1, many].map((connections) => [
      titleOf({ workload, connections }),
      ...servers.map((server) =>
        fixed(2)(counts.find((count) => count.server === server && isOf(count, { workload, connections })).statements),
      ),
    ]),
  );
  return table([['SQL statements a request', ...servers], ...rows]);
}

function startUpText(startUps) {
  return table([
    ['start-up', 's to the first answer'],
    ...startUps.map(({ server, ms }) => [server, fixed(2)(ms / 1_000)]),
  ]);
}
