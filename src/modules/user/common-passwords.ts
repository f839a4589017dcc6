let common: Promise<ReadonlySet<string>> | undefined;

/** The list is large, and needed only when somebody chooses a password. */
async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

/** Whether a password is among the some ten thousand that are guessed first, in any case (NIST SP 800-63B, 3.1.1.2). */
export async function isCommonPassword(password: string): Promise<boolean> {
  common ??= load();
  return (await common).has(password.toLowerCase());
}
