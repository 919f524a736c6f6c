/** The data are not what they should be: exit code 1. The message says where, what, and what was expected. */
export class DataError extends Error {}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {}
