/** Where an answer differs from what is right: numbers by more than they may, for being reckoned in another order. */
export function differences(answered: unknown, right: unknown, path = ''): string[] {
  if (typeof answered === 'number' && typeof right === 'number') {
    const near = 1e-9 * Math.max(1, Math.abs(right));
    return Math.abs(answered - right) <= near ? [] : [told(path, answered, right)];
  }
  if (Array.isArray(answered) && Array.isArray(right) && answered.length === right.length) {
    return right.flatMap((item, index) => differences(answered[index], item, `${path}.${index}`));
  }
  if (isObject(answered) && isObject(right)) {
    const keys = new Set([...Object.keys(answered), ...Object.keys(right)]);
    return [...keys].flatMap((key) => differences(answered[key], right[key], `${path}.${key}`));
  }
  return answered === right ? [] : [told(path, answered, right)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function told(path: string, answered: unknown, right: unknown): string {
  return `${path.slice(1)}: answered ${JSON.stringify(answered)}, right is ${JSON.stringify(right)}`;
}
