import type { Command } from './command.js';

export function overview(commands: readonly Command[]): string {
  return [
    'Tenantry: a GraphQL gateway for organizations.',
    '',
    'Usage: tenantry <command> [options]',
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    ...columns([
      ['help <command>', 'Says what a command does, and its options; as --help does.'],
      ['--version', 'Says which version this is.'],
    ]),
    '',
    'It is configured by environment variables, as the gateway is; docs/configuration.md lists them.',
    'Exit codes: 0 fine, 1 failed, 2 wrong use.',
  ].join('\n');
}

export function helpOf({ name, summary, details = [], options }: Command): string {
  const entries = Object.entries(options);
  const usage = entries.map(([option, { value, isRequired }]) => {
    const text = value ? `--${option} ${value}` : `--${option}`;
    return isRequired ? text : `[${text}]`;
  });
  const described = entries.map(([option, { value, help }]) => [value ? `--${option} ${value}` : `--${option}`, help]);
  return [
    summary,
    ...details,
    '',
    `Usage: tenantry ${[name, ...usage].join(' ')}`,
    ...(described.length > 0 ? ['', ...columns(described)] : []),
  ].join('\n');
}

function columns(rows: string[][]): string[] {
  const width = Math.max(...rows.map(([first]) => first!.length));
  return rows.map(([first, second]) => `  ${first!.padEnd(width)}  ${second}`);
}
