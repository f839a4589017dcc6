/** What `npm start` tells Node.js (ADR 0028). */
export const nodeSettings: string[];
