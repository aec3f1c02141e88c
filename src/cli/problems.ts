/** A full disk, a missing folder or permission: its message is enough, a stack explains nothing. */
export function isFileProblem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
