/** A disk that is full, a folder that is not there or not ours: nothing that a stack would explain. */
export function isFileProblem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
