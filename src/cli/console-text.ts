/** The line with the address of the console, which has a one-time token while there is no admin. */
export function consoleText(address: string): string {
  const isForFirstAdmin = address.includes('?token=');
  return `Console: ${address}${isForFirstAdmin ? ' (a link for the first admin; it works once)' : ''}\n`;
}
