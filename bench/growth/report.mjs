// What was measured, as medians of the rounds.

import { median } from '../side-by-side/report.mjs';

/** So much longer a page of the largest organization may take than the same page of the usual one. */
const bound = 1.5;

/**
 * Each case with its medians, and with its ratios to the usual size: the median of the ratios of the rounds, and that of the CPU
 * time, which shows what is slow on some connections only.
 */
export function summarize(results) {
  return results.map(({ title, size, usual, isBound, p50, p95, answers, cpuMs, databaseCpuMs }) => {
    const usualOne = results.find((other) => other.title === title && other.size === usual);
    const cpu = (of) => (of.cpuMs + of.databaseCpuMs) / of.answers;
    const ratio = usualOne ? median(p50.map((time, round) => time / usualOne.p50[round])) : Number.NaN;
    const cpuRatio = usualOne ? cpu({ answers, cpuMs, databaseCpuMs }) / cpu(usualOne) : Number.NaN;
    return {
      ...{ title, size, p50: median(p50), p95: median(p95) },
      ...{ cpuMs: cpuMs / answers, databaseCpuMs: databaseCpuMs / answers, ratio, cpuRatio },
      ...{ isBound, met: !isBound || !(ratio > bound || cpuRatio > bound) },
    };
  });
}

/** A line for each case, those that are compared together. */
export function reportText(summary) {
  const titles = [...new Set(summary.map(({ title }) => title))];
  const rows = titles.flatMap((title) =>
    summary
      .filter((line) => line.title === title)
      .map(({ size, p50, p95, cpuMs, databaseCpuMs, ratio, cpuRatio, isBound, met }, index) => [
        index === 0 ? title : '',
        size.toLocaleString('en'),
        p50.toFixed(2),
        p95.toFixed(2),
        cpuMs.toFixed(1),
        databaseCpuMs.toFixed(1),
        ...[ratio, cpuRatio].map((value) => (Number.isNaN(value) ? '' : `${value.toFixed(2)}×`)),
        isBound ? `${met ? 'met' : 'NOT MET'} (${bound}×)` : '',
      ]),
  );
  return table([
    ['one connection', 'size', 'p50 ms', 'p95 ms', 'CPU ms', 'of database', 'to usual', 'in CPU', ''],
    ...rows,
  ]);
}

/** What the gateway held in memory. */
export function memoryText({ started, before, most, after, perSecond }) {
  const mb = (value) => `${value.toFixed(0)} MB`;
  return table([
    ['resident memory', ''],
    ['after the start', mb(started)],
    ['after all rounds', mb(before)],
    [`at most under 32 connections (${perSecond.toFixed(0)} pages a second)`, mb(most)],
    ['ten seconds later', mb(after)],
  ]);
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, n) => (n ? cell.padStart(widths[n]) : cell.padEnd(widths[n])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
