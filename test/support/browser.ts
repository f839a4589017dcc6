import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A headless Chromium: the one that CHROMIUM_PATH names, or the one of the system. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? usualPlaces.find((path) => existsSync(path));
  if (!executablePath) {
    throw new Error(
      'There is no Chromium. Install it (apt-get install chromium), or set CHROMIUM_PATH to where one is.',
    );
  }
  // Chromium refuses its sandbox to root, and all it shows here is ours.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
