/** So many lines of a file are told one by one. */
export const mostLines = 500;
