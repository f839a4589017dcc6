import type { Database } from './platform/database.js';

export const demoAccount = { email: 'ada@example.com', password: 'demo-password' };

export async function seedDemoData(_db: Database): Promise<void> {}
