import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeSettings } from '../../scripts/node-settings.mjs';
import { environment } from '../../src/platform/environment.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8');

describe('what deploy has for containers', () => {
  it('builds the image from files that exist, and that are not kept from it', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
      files!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    const admitted = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const file of copied) {
      expect(existsSync(join(root, file))).toBe(true);
      expect(admitted.some((path) => file === path || file.startsWith(`${path}/`))).toBe(true);
    }
  });

  it('tells the gateways only what they know', () => {
    const [gateway = ''] = /^x-gateway:[\s\S]+?(?=^services:)/m.exec(read('compose.yaml')) ?? [];
    const variables = [...gateway.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name!);
    expect(variables.length).toBeGreaterThan(5);
    expect(variables.filter((name) => !(name in environment.shape))).toEqual([]);
  });

  it('asks for no more than its example of an environment names', () => {
    const named = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
    const asked = [...read('compose.yaml').matchAll(/[^$]\$\{([A-Z_]+)/g)].map(([, name]) => name!);
    expect([...new Set(asked)].sort()).toEqual(named.sort());
  });

  it('starts the gateway as npm start does', () => {
    const [command] = /^CMD .+$/m.exec(read('Dockerfile'))!;
    expect(nodeSettings).toHaveLength(1);
    expect(command.match(/--max-[\w-]+=\d+/g)).toEqual(nodeSettings);
    expect(spawnSync(process.execPath, [...nodeSettings, '-e', '0']).status).toBe(0);
  });

  it('stops no gateway before it can have stopped by itself', () => {
    const number = (pattern: RegExp) => Number(pattern.exec(read('compose.yaml'))![1]);
    const [drain, stop] = [number(/TENANTRY_DRAIN_SECONDS: "(\d+)"/), number(/TENANTRY_STOP_SECONDS: "(\d+)"/)];
    expect(number(/stop_grace_period: (\d+)s/)).toBeGreaterThanOrEqual(drain + stop + 15);
  });
});
